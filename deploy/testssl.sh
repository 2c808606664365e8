#!/usr/bin/env bash
# Grades this server's https with testssl.sh, once for each `tls.minimum`: fails below A, and on
# any finding of medium severity or worse.
#
#   deploy/testssl.sh path/to/loomwire
#
# It wants testssl.sh 3.2 or later (TESTSSL names it) and openssl. The authority is made on the
# spot and given to testssl.sh as one that is trusted.
set -euo pipefail

server=${1:?give the path of the loomwire program}
testssl=${TESTSSL:-testssl}
port=${PORT:-18443}
folder=$(mktemp -d)
running=
finish() {
  [ -z "$running" ] || kill "$running" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

certificate() {
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj '/CN=Loomwire test authority' \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$folder/ca.key" -out "$folder/ca.pem" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' \
    -keyout "$folder/key.pem" -out "$folder/request.pem" 2>/dev/null
  openssl x509 -req -in "$folder/request.pem" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" \
    -CAcreateserial -days 90 -sha256 -out "$folder/own.pem" 2>/dev/null -extfile <(
      echo 'subjectAltName=DNS:localhost'
      echo 'basicConstraints=critical,CA:FALSE'
      echo 'keyUsage=critical,digitalSignature'
      echo 'extendedKeyUsage=serverAuth'
      echo 'crlDistributionPoints=URI:http://localhost/none.crl'
    )
  cat "$folder/own.pem" "$folder/ca.pem" >"$folder/chain.pem"
  chmod 600 "$folder/key.pem"
}

serve() {
  mkdir -p "$folder/$1"
  (
    cd "$folder/$1"
    exec env LOOMWIRE_DATA="$folder/$1" LOOMWIRE_LISTEN="127.0.0.1:$port" \
      LOOMWIRE_PUBLIC_URL="https://localhost:$port" LOOMWIRE_TLS__MINIMUM="$1" \
      LOOMWIRE_TLS__CERTIFICATE_FILE="$folder/chain.pem" LOOMWIRE_TLS__KEY_FILE="$folder/key.pem" \
      "$server" serve
  ) >"$folder/$1.log" 2>&1 &
  running=$!
  for _ in $(seq 150); do
    if curl --silent --fail --cacert "$folder/ca.pem" --output /dev/null "https://localhost:$port/healthz"; then
      return
    fi
    sleep 0.2
  done
  cat "$folder/$1.log" >&2
  exit 1
}

judge() {
  python3 - "$1" "$folder/$1.json" <<'PYTHON'
import json, sys

minimum, path = sys.argv[1:]
findings = json.load(open(path))
grade = next((f["finding"] for f in findings if f["id"] == "overall_grade"), "none")
worse = [f for f in findings if f["severity"] in ("MEDIUM", "HIGH", "CRITICAL", "FATAL")]
notes = [f for f in findings if f["severity"] in ("LOW", "WARN")]
print(f"tls.minimum = {minimum}: grade {grade}")
for finding in worse + notes:
    print(f"  {finding['severity']}: {finding['id']}: {finding['finding']}")
sys.exit(bool(worse) or grade not in ("A", "A+"))
PYTHON
}

server=$(realpath "$server")
certificate
for minimum in 1.3 1.2; do
  serve "$minimum"
  "$testssl" --quiet --color 0 --warnings off --nodns none --ip 127.0.0.1 --add-ca "$folder/ca.pem" \
    --jsonfile "$folder/$minimum.json" "localhost:$port" >"$folder/$minimum.txt" || true
  judge "$minimum"
  kill "$running"
  wait "$running" || true
  running=
done
