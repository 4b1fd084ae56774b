// The nouns of `docs`: a page of the documentation, its place in the tree, and what a search finds.

/** What a page is for (Diátaxis): to learn by doing, to reach a goal, to look up, to understand. A page is one of them. */
export type DocKind = "tutorials" | "how-to" | "reference" | "explanation"

export interface DocLink {
  /** `how-to/install`: its file below docs/ without `.md`. */
  path: string
  title: string
  /** One sentence of what is there. */
  text: string
}

/** A page of the product itself that stands in the tree: `/reference`. */
export interface DocsElsewhere extends Omit<DocLink, "path"> {
  href: string
}

export interface DocsSection {
  title: string
  text: string
  pages: readonly (DocLink | DocsElsewhere)[]
}

export interface Doc extends DocLink {
  kind: DocKind
  section: string
  /** Its file below the root of the source: `docs/how-to/install.md`. */
  file: string
  /** Markdown as it is read here: with the addresses of this server and what is listed from the program itself. */
  source: string
}

export interface DocHit {
  path: string
  /** Of the page. */
  title: string
  /** Of the part that was found; null = the top of the page. */
  heading: string | null
  anchor: string | null
  /** A few words around what was found, in pieces: every second one is it. */
  snippet: readonly string[]
}

/** What the pages stand on. */
export interface DocsDeps {
  /** The folder of the Markdown. */
  folder: string
  /** Where this server is: sign-in, and what programs call. */
  origins: { auth: string; api: string }
  /** The changelog of the source, which stands beside the folder. */
  changelog: string
  /** Lists that the program makes of itself, by the name in `<!-- list: name -->`. */
  lists: Readonly<Record<string, () => string>>
  /** Ids that the headings of a page have where it is shown. */
  idsOf: (headings: readonly string[]) => readonly string[]
}
