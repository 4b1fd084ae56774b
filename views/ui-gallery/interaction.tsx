// What scripts show while something is under way, and when it went wrong, standing still. On pages each floats.
import { Button, Segments } from "../ui/index.ts"
import type { Specimen } from "./specimen.ts"

const NAMES = [
  "Revoke",
  `Give Donaudampfschifffahrtsgesellschaft${"s".repeat(40)} a bonus`,
  "تغيير حد تطبيق القصص",
] as const

export const INTERACTION: readonly Specimen[] = [
  {
    name: "Dialog, loading",
    use: "Opens at the click, named like its link. Escape, Cancel, a click outside and Back end the wait.",
    draw: () => (
      <div class="stack">
        {NAMES.map((name) => (
          <div class="as-dialog" aria-busy="true">
            <div class="confirm">
              <h4>
                <bdi>{name}</bdi>
              </h4>
              <p class="quiet">Loading…</p>
              <div class="actions">
                <Button type="button" label="Cancel" />
              </div>
            </div>
          </div>
        ))}
      </div>
    ),
  },
  {
    name: "Progress line",
    use: "At the top of the window once something takes longer than 300 ms: a link, a form, a filter.",
    draw: () => (
      <div class="line-stand">
        <div class="loading"></div>
      </div>
    ),
  },
  {
    name: "Said over the page",
    use: "A form that did not get through: nothing moves, and what was typed stays.",
    draw: () => (
      <div class="stack say-stand">
        <p class="notice bad say">The server cannot be reached. Nothing here is lost; try again in a moment.</p>
        <p class="notice bad say">
          This form has expired. This form was open too long or came from another site. Go back, reload the page and
          send it again.
        </p>
      </div>
    ),
  },
  {
    name: "Segments",
    use: "Two to five views of one thing, of which one is shown. Swaps its part; a plain link without scripts.",
    draw: (on) => (
      <Segments
        label={on.id("Accounts")}
        links={["Everybody", "Active", "Suspended", "معلقة"].map((label, index) => ({
          label,
          href: `/_ui?show=${index}`,
          current: index === 1,
        }))}
      />
    ),
  },
]
