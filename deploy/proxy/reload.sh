#!/bin/sh
# Run by the image of nginx before it starts: a new certificate is taken up within six hours.
(while sleep 21600; do nginx -s reload; done) &
