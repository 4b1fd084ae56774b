// The pages a person can be sent to, with the words people use for them. Pure: a list, who may see what, and a score.
import type { SearchResult } from "../../../views/public/search.tsx"

type Needs = "nobody" | "stranger" | "person" | "developer" | "admin"

interface Entry extends SearchResult {
  /** Who may open it; `stranger` = only those who are not signed in. */
  needs: Needs
  /** Words beside those of title and text. */
  words: string
}

const entry = (needs: Needs, href: string, title: string, text: string, words = ""): Entry => ({
  ...{ needs, href, title, text, words },
})

/** Every page worth finding; those of other domains join with their issue. */
export const PAGES: readonly Entry[] = [
  entry("nobody", "/", "Front page", "What this is, for people, developers and operators.", "home start about help"),
  entry("stranger", "/login", "Sign in", "With your email and password.", "login log account"),
  entry("stranger", "/signup", "Create an account", "Free, with an email address.", "register sign up join new"),
  entry("nobody", "/forgot-password", "Forgot your password?", "Get a link to choose a new one.", "reset lost login"),
  entry(
    "person",
    "/dashboard",
    "Dashboard",
    "Your balance, what you used and by whom.",
    "home credits use claim daily",
  ),
  entry(
    "person",
    "/credits",
    "Credits",
    "Every movement of your credits.",
    "history charges balance buy export csv money",
  ),
  entry("person", "/apps", "Apps", "Apps that can spend your credits; limits; revoke.", "connected permissions access"),
  entry(
    "person",
    "/settings",
    "Settings",
    "Name, email address, password, theme, where you are signed in.",
    "account profile change dark devices",
  ),
  entry("person", "/logout", "Sign out", "End your session in this browser.", "logout leave"),
  entry(
    "person",
    "/developer",
    "Build an app",
    "Apps you build: client ids, secrets, first call.",
    "developer oauth api sdk",
  ),
  entry("developer", "/developer/apps/new", "New app", "Register an app and get its client id.", "create client oauth"),
  entry("admin", "/admin", "Admin overview", "Whether all is well, and the figures of today.", "status health metrics"),
  entry("admin", "/admin/users", "Users", "Find, suspend and reinstate people.", "people accounts admin"),
  entry("admin", "/admin/upstreams", "Upstreams", "AI providers and their models.", "provider model openai key admin"),
]

export interface Seeker {
  isDeveloper: boolean
  isAdmin: boolean
}

const mayOpen = (needs: Needs, seeker: Seeker | undefined): boolean => {
  if (needs === "nobody") return true
  if (needs === "stranger") return seeker === undefined
  if (!seeker) return false
  return needs === "person" || (needs === "developer" ? seeker.isDeveloper : seeker.isAdmin)
}

/** The longest query that is looked at. */
const QUERY_CHARS_MAX = 200
const WORDS_MAX = 8

const wordsOf = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []

/** Pages that hold a word beginning with each word of the query; those that name it in their title come first. */
export function searchPages(query: string, seeker: Seeker | undefined): SearchResult[] {
  const sought = wordsOf(query.slice(0, QUERY_CHARS_MAX)).slice(0, WORDS_MAX)
  if (sought.length === 0) return []
  return PAGES.filter((page) => mayOpen(page.needs, seeker))
    .map((page) => ({ page, score: scoreOf(page, sought) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ page: { href, title, text } }) => ({ href, title, text }))
}

/** 0 unless every word is met; 3 for a word of the title, 2 for one people use, 1 for one of the sentence. */
function scoreOf(page: Entry, sought: readonly string[]): number {
  const places = [wordsOf(page.title), wordsOf(page.words), wordsOf(page.text)]
  let score = 0
  for (const word of sought) {
    const place = places.findIndex((words) => words.some((each) => each.startsWith(word)))
    if (place < 0) return 0
    score += places.length - place
  }
  return score
}
