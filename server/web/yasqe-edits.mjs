/* What is taken out of Yasqe before it is bundled. Each edit must match as often as it says: a new
   release of Yasqe that no longer fits stops the build instead of slipping something in. */

import { readFile } from "node:fs/promises";

const EDITS = [
  {
    why: "The list of prefixes holds spam; the page gives the prefixes of its own graph.",
    find: /\bprefixes_default\b(?! =)/g,
    put: "{}",
    times: 2,
  },
  {
    why: "The completers of classes and properties ask a third party for what is being typed.",
    find: /(completers = \[\n\tconf\$3,\n\tconf\$2),\n\tconf\$1,\n\tconf\n\]/g,
    put: "$1]",
    times: 1,
  },
  {
    why: "The tooltip of a mistake is for mice only, in English, with inline style; the page says it.",
    find: /function tooltip\(e, t, n\) \{[\s\S]*?\n\}\n/g,
    put: "function tooltip() {}\n",
    times: 1,
  },
  {
    why: "No query goes anywhere but to the endpoint of the page.",
    find: /"https:\/\/dbpedia\.org\/sparql"/g,
    put: '""',
    times: 1,
  },
  {
    why: "A policy without unsafe-eval has no use for a JSON parser of the last century.",
    find: /\beval\("\(" \+ text \+ "\)"\)/g,
    put: "null",
    times: 1,
  },
  {
    why: "Enter while names are on their way is a choice: it takes the first that comes, not nothing.",
    find: /\br && t\.list\.length == 1 \? this\.pick\(t, 0\)/g,
    put: "r ? this.pick(t, 0)",
    times: 1,
  },
];

export const yasqeEdits = {
  name: "yasqe-edits",
  setup(build) {
    build.onLoad({ filter: /yasqe\.esm\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const { why, find, put, times } of EDITS) {
        const found = contents.match(find)?.length ?? 0;
        if (found !== times) {
          throw new Error(`Yasqe has changed: ${find} matches ${found} times, not ${times}. ${why}`);
        }
        contents = contents.replace(find, put);
      }
      return { contents, loader: "js" };
    });
  },
};
