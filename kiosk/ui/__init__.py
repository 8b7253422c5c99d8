"""The touch screen. The only package that imports Kivy, and only below `launch.run`."""
