// Makes the lists that identity carries: `bun test/tools/lists.ts`. From npm packages (MIT both) to sorted fingerprints: 40 bits of SHA-256
// each, so a list takes 5 bytes an entry, holds no word of anybody, and says "yes" wrongly once in ten million questions.
import { join } from "node:path"
import common from "@zxcvbn-ts/language-common/src/passwords.json"
import domains from "disposable-email-domains"
import wildcards from "disposable-email-domains/wildcard.json"

const FOLDER = join(import.meta.dir, "../../src/identity/lists")
const BYTES = 5

function fingerprints(words: readonly string[]): string {
  const all = [...new Set(words)].map((word) => new Bun.CryptoHasher("sha256").update(word).digest().subarray(0, BYTES))
  return Buffer.concat(all.toSorted(Buffer.compare)).toString("base64")
}

async function write(name: string, what: string, source: string, words: readonly string[]): Promise<void> {
  const head = `// ${what} ${source}\n// Made by test/tools/lists.ts: ${words.length} entries, 5 bytes of SHA-256 each, sorted.\n`
  await Bun.write(
    join(FOLDER, `${name}.ts`),
    `${head}export const ${name.toUpperCase()} =\n  "${fingerprints(words)}"\n`,
  )
  console.log(name, words.length)
}

await write(
  "disposable",
  "Domains of mail that is thrown away.",
  "Source: disposable-email-domains 1.0.62 (MIT).",
  [...domains, ...wildcards].map((domain) => domain.toLowerCase()),
)
await write(
  "breached",
  "Passwords of eight or more characters that leaks have most often, in lower case.",
  "Source: @zxcvbn-ts/language-common 4.1.3 (MIT).",
  common.map((word) => word.toLowerCase()).filter((word) => word.length >= 8),
)
