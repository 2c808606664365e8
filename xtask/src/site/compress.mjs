// Writes FILE.gz, then FILE.br, for each file named: the last one written is the one that is
// looked for, so that an interrupted run is made good by the next.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

function write(path, bytes) {
  writeFileSync(`${path}.part`, bytes);
  renameSync(`${path}.part`, path);
}

for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  write(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  write(`${file}.br`, brotliCompressSync(bytes, { params }));
}
