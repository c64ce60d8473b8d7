#!/usr/bin/env bash
# Gathers the image's root folder from what `make build` made and builds roadstead:<version>.
#
#   deploy/docker/build.sh <version>
set -euo pipefail
cd "$(dirname "$0")/../.."

version=${1:?give the version that the image is tagged with}
context=build/image
root=$context/rootfs

command -v docker >/dev/null || { echo "build.sh: docker is not installed; install docker.io or Docker's own packages" >&2 && exit 1; }

rm -rf "$context"
mkdir -p "$root"/{bin,etc/ssl/certs,opt/roadstead/bin,tmp} "$context/data"
chmod 1777 "$root/tmp"
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$version" -o "$root/opt/roadstead/bin/" ./cmd/roadstead
cp -a build/postgres "$root/opt/roadstead/postgres"
printf 'root:x:0:0::/:/bin/false\nroadstead:x:65534:65534::/data:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\nroadstead:x:65534:\n' >"$root/etc/group"
# S3 over TLS, and later identity providers, are trusted by these.
if [[ -f /etc/ssl/certs/ca-certificates.crt ]]; then
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
else
  echo "build.sh: /etc/ssl/certs/ca-certificates.crt is not there, so the image trusts no certificate; install ca-certificates" >&2
fi

# initdb runs its server through a shell.
cp -L /bin/dash "$root/bin/sh"

# What the dynamic linker would load for them, at the same paths as here.
libraries() {
  ldd "$@" 2>/dev/null | grep -oE '/[^ ]+' | grep -v ':$' | sort -u
}
while read -r library; do
  case $library in
    "$PWD"/*) ;; # Postgres brings it
    *) mkdir -p "$root$(dirname "$library")" && cp -L "$library" "$root$library" ;;
  esac
done < <(libraries "$root/bin/sh" "$PWD"/build/postgres/bin/* "$PWD"/build/postgres/lib/*.so* "$PWD"/build/postgres/lib/postgresql/*.so)

cp deploy/docker/Dockerfile "$context/"
DOCKER_BUILDKIT=0 docker build --tag "roadstead:$version" --tag roadstead:latest "$context"
echo "docker run -p 8080:8080 -v roadstead:/data roadstead:$version"
