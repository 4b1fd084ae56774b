// Pictures on the playground: what was asked for, what came, what it cost.
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import type { CodeTabsProps } from "../../ui/index.ts"
import { FormOf, type FormView } from "../../ui/index.ts"
import { AsCode, LEAD, PlaygroundTabs, Refusal } from "./parts.tsx"
import type { PlaygroundPicture, PlaygroundRefusal } from "./types.ts"

export interface PlaygroundPicturesProps {
  frame: Frame
  form: FormView
  /** Null = nothing was asked for yet. */
  made: {
    pictures: readonly PlaygroundPicture[]
    /** Credits, exact. */
    charged: string | null
    refusal: PlaygroundRefusal | null
  } | null
  code: CodeTabsProps["tabs"]
}

export function PlaygroundPicturesPage({ frame, form, made, code }: PlaygroundPicturesProps): JSX.Element {
  return (
    <ConsoleLayout frame={frame} title="Playground" lead={LEAD}>
      <PlaygroundTabs here="pictures" />
      <div class="playground">
        <FormOf form={form} csrf={frame.csrf} class="form playground-ask" />
        <section id="answers" aria-labelledby="answers-title">
          <h2 id="answers-title">Pictures</h2>
          {made === null ? <p class="quiet">Say what is to be seen.</p> : null}
          {made?.refusal ? <Refusal refusal={made.refusal} /> : null}
          <div class="playground-pictures">
            {made?.pictures.map(({ src }, at) => (
              <img src={src} alt={`What you asked for, ${at + 1}`} />
            ))}
          </div>
          {made?.charged ? (
            <p class="quiet num" role="status" safe>
              {`${made.charged} credits`}
            </p>
          ) : null}
        </section>
        <AsCode code={code} />
      </div>
    </ConsoleLayout>
  )
}
