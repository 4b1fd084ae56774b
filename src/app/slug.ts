// Slugs: the part of an address that a person chose for a thing of theirs, in letters that need no escaping.

/** @returns what is wrong with its shape, in words; null = nothing. Which ones are taken, its domain says. */
export function slugShape(slug: string, charsMax: number): string | null {
  if (slug.length < 3 || slug.length > charsMax) return `Use 3 to ${charsMax} characters.`
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)
    ? null
    : "Use small letters a to z, digits, and single hyphens between them."
}

/** Characters of one that is suggested: an address that people can say. */
const SUGGESTED_CHARS = 50

/** One that a name suggests; "" where none of its letters can stand in one. */
export const slugOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, SUGGESTED_CHARS)
    .replace(/-$/, "")
