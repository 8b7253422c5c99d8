"""What whoever runs the server looks at: is it well, what does it do, what does its log say; and its processes."""
