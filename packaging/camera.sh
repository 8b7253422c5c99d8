#!/usr/bin/env bash
# Takes a picture of the display every three seconds: camera.sh PICTURE.png
set -u
picture=$1
while sleep 3; do
    import -silent -window root "png:$picture.new" && mv "$picture.new" "$picture"
done
