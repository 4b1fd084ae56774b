// Code in texts of ours: with a button that copies it, and in tabs where the same stands there in several languages.
import { CodeBlock, CodeTabs } from "../code.tsx"
import { languageOf } from "./highlight.ts"

/** Languages that say the same to a server, each in its own words; what else stands one below the other is a sequence. */
const PEERS: Readonly<Record<string, string>> = {
  bash: "curl",
  javascript: "JavaScript",
  typescript: "TypeScript",
  python: "Python",
  csharp: "C#",
  go: "Go",
  php: "PHP",
  ruby: "Ruby",
}
/** What a block is called above it. */
const CAPTIONS: Readonly<Record<string, string>> = {
  ...PEERS,
  bash: "Terminal",
  json: "JSON",
  http: "HTTP",
  html: "HTML",
  css: "CSS",
  sql: "SQL",
}

/** True where blocks that follow each other are one thing in several languages. */
export function areTabs(names: readonly string[]): boolean {
  const languages = names.map(languageOf)
  return names.length > 1 && new Set(languages).size === names.length && languages.every((one) => one in PEERS)
}

/** One block, or the tabs of several. */
export function ownBlock(blocks: readonly { name: string; code: string }[], id: string): string {
  const [first] = blocks
  if (blocks.length > 1 || !first) {
    const tabs = blocks.map(({ name, code }) => {
      const language = languageOf(name)
      return { label: PEERS[language] ?? name, language, code }
    })
    return CodeTabs({ id, title: "Example", tabs }) as string
  }
  const language = languageOf(first.name)
  return CodeBlock({ id, title: CAPTIONS[language] ?? "Text", code: first.code, language }) as string
}
