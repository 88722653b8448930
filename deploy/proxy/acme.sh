#!/bin/sh
# A certificate of Let's Encrypt, or of whoever speaks ACME, where the proxy looks for one.
#   first   once, before the proxy starts: answers on the proxy's port itself
#   renew   from then on: looks twice a day, answers through the proxy
set -eu

ask() {
    /lego --accept-tos --path /tls/lego --server "$ACME_SERVER" --email "$ACME_EMAIL" \
        --domains "$ACME_DOMAIN" --http "$@"
}

# The key first: nginx that reads in between finds a pair that does not fit and keeps the old one.
keep() {
    cp "/tls/lego/certificates/$ACME_DOMAIN.key" /tls/privkey.pem
    cp "/tls/lego/certificates/$ACME_DOMAIN.crt" /tls/fullchain.pem
}

case "${1:-}" in
first)
    ask --http.port :8080 run
    keep
    ;;
renew)
    while :; do
        ask --http.webroot /acme renew --days 30 && keep || echo "No renewal; the next try is in 12 hours."
        sleep 43200
    done
    ;;
*)
    echo "Say first or renew." >&2
    exit 2
    ;;
esac
