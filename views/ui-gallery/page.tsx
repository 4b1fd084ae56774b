// The page of all parts: each specimen in light beside dark, its name, and one line when to use it.
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { Button, Confirm } from "../ui/index.ts"
import { ACTIONS } from "./actions.tsx"
import { CHARTS } from "./charts.tsx"
import { CONTENT } from "./content.tsx"
import { DATA } from "./data.tsx"
import { FEEDBACK } from "./feedback.tsx"
import { FIGURES } from "./figures.tsx"
import { FORMS } from "./forms.tsx"
import { GRID } from "./grid.tsx"
import { INTERACTION } from "./interaction.tsx"
import { PICKERS } from "./pickers.tsx"
import { SMALL } from "./small.tsx"
import type { Specimen } from "./specimen.ts"
import { WORK } from "./work.tsx"

export interface GalleryProps {
  frame: Frame
  now: number
  /** "320" or "768" narrows every specimen; anything else leaves the whole width. */
  width: string | null
  /** Slug of the only group to show; anything else shows all. */
  part: string | null
}

const GROUPS: readonly { title: string; specimens: readonly Specimen[] }[] = [
  { title: "Actions and ways", specimens: ACTIONS },
  { title: "Forms", specimens: FORMS },
  { title: "Pickers", specimens: PICKERS },
  { title: "Figures", specimens: FIGURES },
  { title: "Feedback", specimens: FEEDBACK },
  { title: "While it works", specimens: INTERACTION },
  { title: "Tables and code", specimens: DATA },
  { title: "Charts", specimens: CHARTS },
  { title: "Grids", specimens: GRID },
  { title: "Content", specimens: CONTENT },
  { title: "Small", specimens: SMALL },
  { title: "Work, pictures and ways", specimens: WORK },
]
/** All of them, in their order. */
export const SPECIMENS: readonly Specimen[] = GROUPS.flatMap(({ specimens }) => specimens)
const WIDTHS = [
  { width: "320", label: "320 px" },
  { width: "768", label: "768 px" },
  { width: null, label: "Whole width" },
]

const slugOf = (name: string): string => name.toLowerCase().replace(/[^a-z]+/g, "-")

export function GalleryPage({ frame, now, width, part }: GalleryProps): JSX.Element {
  const only = GROUPS.filter(({ title }) => slugOf(title) === part)
  const path = only.length > 0 ? `/_ui?part=${part}` : "/_ui"
  const narrow = WIDTHS.find((each) => each.width === width)?.width ?? null
  return (
    <PublicLayout frame={frame} title="Parts" sheet="gallery">
      {/* Each specimen stands there twice, so names that are unique on any other page are not on this one. */}
      {"<!-- [html-validate-disable unique-landmark, form-dup-name] -->"}
      <div class={narrow ? `gallery w${narrow}` : "gallery"}>
        <div>
          <h1>Parts</h1>
          <p class="lead">
            Every part of these pages in every state, light and dark. Hover and press Tab to see the rest.
          </p>
        </div>
        <nav class="segments" aria-label="Width of the specimens">
          {WIDTHS.map((each) => (
            <a
              href={each.width ? `${path}${only.length > 0 ? "&" : "?"}width=${each.width}` : path}
              aria-current={each.width === narrow ? "true" : undefined}
              safe
            >
              {each.label}
            </a>
          ))}
        </nav>
        {(only.length > 0 ? only : GROUPS).map((group) => (
          <section aria-label={group.title}>
            <h2>
              <a href={`/_ui?part=${slugOf(group.title)}`} safe>
                {group.title}
              </a>
            </h2>
            {group.specimens.map((specimen) => (
              <Entry specimen={specimen} csrf={frame.csrf} now={now} />
            ))}
          </section>
        ))}
      </div>
    </PublicLayout>
  )
}

function Entry({ specimen, csrf, now }: { specimen: Specimen; csrf: string; now: number }): JSX.Element {
  const slug = slugOf(specimen.name)
  return (
    <article id={`part-${slug}`}>
      <h3 safe>{specimen.name}</h3>
      <p class="quiet" safe>
        {specimen.use}
      </p>
      <div class={specimen.wide ? "specimens" : "specimens two"}>
        {["light", "dark"].map((theme) => (
          <div class="specimen" data-theme={theme}>
            {specimen.draw({ id: (name) => `${slug}-${name}-${theme}`, csrf, now })}
          </div>
        ))}
      </div>
    </article>
  )
}

/** The confirm page that the gallery's dialog shows; without scripts it opens as a page. */
export function GalleryConfirmPage({ frame }: { frame: Frame }): JSX.Element {
  return (
    <PublicLayout frame={frame} title="Confirm" sheet="gallery">
      <Confirm
        title="Revoke Storyteller?"
        csrf={frame.csrf}
        action="/theme"
        hidden={{ theme: frame.theme, back: "/_ui" }}
        label="Revoke Storyteller"
        cancelHref="/_ui"
      >
        <p>It is signed out at once and can no longer spend your credits. Calls it has already made stay charged.</p>
      </Confirm>
      <p>
        <Button kind="link" href="/_ui" label="Back to the parts" />
      </p>
    </PublicLayout>
  )
}
