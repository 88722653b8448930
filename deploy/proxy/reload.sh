#!/bin/sh
# Run by the image of nginx before it starts, and goes on beside it. nginx reads its certificate and
# looks for web once: a new certificate is taken up within six hours, and within half a minute that web
# came back at another address, as a container may that ended and was started again.
(
    known=$(getent hosts "${WEB%:*}")
    waited=0
    while sleep 30; do
        waited=$((waited + 30))
        found=$(getent hosts "${WEB%:*}")
        [ "$waited" -lt 21600 ] && [ "${found:-$known}" = "$known" ] && continue
        # One that fails, as with half of a new certificate, is tried again.
        nginx -s reload && known=$found && waited=0
    done
) &
