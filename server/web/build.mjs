/* Bundles the editor and the typefaces into the folder of the pages' files: node build.mjs [FOLDER]. */

import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { yasqeEdits } from "./yasqe-edits.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "../cecot/views/static/built"));

const TOOLS = /(^|\/)(esbuild|@esbuild\/.*|@types\/.*|axe-core)$/;

/* The packages that the bundle may hold, each with the terms that it comes under. */
async function notices() {
  const { packages } = JSON.parse(await readFile(join(here, "package-lock.json"), "utf8"));
  const parts = [];
  for (const path of Object.keys(packages).filter((each) => each && !TOOLS.test(each)).sort()) {
    const folder = join(here, path);
    const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const text = file ? await readFile(join(folder, file), "utf8") : "";
    parts.push(`${name} ${version}: ${license}\n\n${text.trim()}`.trim());
  }
  return `${parts.join(`\n\n${"-".repeat(72)}\n\n`)}\n`;
}

/* Made beside the folder and then put in its place: a build that fails leaves the last one. */
const made = `${target}.new`;
await rm(made, { recursive: true, force: true });
await mkdir(made, { recursive: true });
await build({
  entryPoints: [join(here, "src/editor.js"), join(here, "src/type.css")],
  loader: { ".woff2": "file" },
  assetNames: "[name]",
  outdir: made,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  legalComments: "none",
  banner: { js: "/* Terms of the packages in this file: licences.txt beside it. */" },
  plugins: [yasqeEdits],
  logLevel: "warning",
});
await writeFile(join(made, "licences.txt"), await notices());
await rm(target, { recursive: true, force: true });
await rename(made, target);
