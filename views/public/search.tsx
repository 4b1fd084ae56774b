// Where is it? Pages of this server by name, apps, people and ids: only what the person may open.
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { plural } from "../ui/format.ts"
import { Button, Empty, SearchBox } from "../ui/index.ts"

export interface SearchResult {
  href: string
  title: string
  text: string
  kind: "Page" | "Docs" | "App" | "Person" | "Id"
}

export interface SearchProps {
  frame: Frame
  query: string
  results: readonly SearchResult[]
}

/** GET /search?q= */
export function SearchPage({ frame, query, results }: SearchProps): JSX.Element {
  return (
    <PublicLayout frame={frame} title={query ? `Search: ${query}` : "Search"}>
      <div class="found">
        <h1>Search</h1>
        <SearchBox action="/search" label="Search this site" value={query} />
        {query === "" ? (
          <p class="quiet">Enter what you are looking for: a page, a setting, something you want to do.</p>
        ) : (
          <div role="status">
            {results.length > 0 ? (
              <p class="quiet" safe>
                {plural(results.length, "result")}
              </p>
            ) : (
              <Empty
                title="Nothing here goes by that name"
                text={
                  frame.user
                    ? "Try one word, such as credits, limit or password."
                    : "Try one word, such as account or password. Sign in to find the pages of your account too."
                }
                action={frame.user ? undefined : <Button href="/login" label="Sign in" />}
              />
            )}
          </div>
        )}
        <ul class="plain results">
          {results.map((result) => (
            <li>
              <a href={result.href}>
                <bdi safe>{result.title}</bdi>
              </a>
              <p class="quiet">
                <bdi safe>{result.text}</bdi>
              </p>
            </li>
          ))}
        </ul>
      </div>
    </PublicLayout>
  )
}
