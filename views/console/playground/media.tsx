// Pictures, speech and recordings on the playground: what was asked for, what came, what it cost.
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { count } from "../../ui/format.ts"
import type { CodeTabsProps, FormView } from "../../ui/index.ts"
import { requestPath } from "../request.tsx"
import { AsCode, LEAD, PlaygroundAsk, type PlaygroundTab, PlaygroundTabs, Refusal } from "./parts.tsx"
import type { PlaygroundMade } from "./types.ts"

export interface PlaygroundMediaProps {
  frame: Frame
  form: FormView
  /** Null = nothing was asked for yet. */
  made: PlaygroundMade | null
  code: CodeTabsProps["tabs"]
}

export const PlaygroundPicturesPage = (props: PlaygroundMediaProps): JSX.Element => (
  <MediaPage here="Pictures" empty="Say what is to be seen. With a picture of yours, it is changed." {...props} />
)
export const PlaygroundSpeechPage = (props: PlaygroundMediaProps): JSX.Element => (
  <MediaPage here="Speech" empty="Write what is to be said." {...props} />
)
export const PlaygroundRecordingsPage = (props: PlaygroundMediaProps): JSX.Element => (
  <MediaPage here="Recordings" empty="Choose a recording: what is said in it is written down." {...props} />
)

function MediaPage(props: PlaygroundMediaProps & { here: PlaygroundTab; empty: string }): JSX.Element {
  const { frame, form, made, code, here, empty } = props
  return (
    <ConsoleLayout frame={frame} title="Playground" lead={LEAD}>
      <PlaygroundTabs here={here} />
      <div class="playground">
        <PlaygroundAsk form={form} csrf={frame.csrf} />
        <section id="answers" aria-labelledby="answers-title">
          <h2 id="answers-title">What came of it</h2>
          {made === null ? (
            <p class="quiet" safe>
              {empty}
            </p>
          ) : (
            <MadeShown {...made} />
          )}
        </section>
        <AsCode code={code} />
      </div>
    </ConsoleLayout>
  )
}

function MadeShown({ pictures = [], sound, text, refusal, ...figures }: PlaygroundMade): JSX.Element {
  return (
    <>
      {refusal ? <Refusal refusal={refusal} /> : null}
      {pictures.length === 0 ? null : (
        <div class="playground-pictures">
          {pictures.map((src, at) => (
            <img src={src} alt={`What you asked for, ${at + 1}`} />
          ))}
        </div>
      )}
      {sound ? <Sound {...sound} /> : null}
      {text === undefined ? null : (
        <p class="playground-text" safe>
          {text}
        </p>
      )}
      <Figures {...figures} />
    </>
  )
}

const Sound = ({ src, name }: NonNullable<PlaygroundMade["sound"]>): JSX.Element => (
  <>
    <audio {...({ controls: true } as object)} src={src} aria-label="What was said"></audio>
    <p>
      <a class="button plain small" href={src} download={name}>
        Download
      </a>
    </p>
  </>
)

function Figures({ ms, charged, requestId }: Pick<PlaygroundMade, "ms" | "charged" | "requestId">): JSX.Element {
  const words = [`${count(ms)} ms`, ...(charged === null ? [] : [`${charged} credits`])].join(" · ")
  return (
    <p class="quiet num" role="status">
      <span safe>{words}</span>
      {charged !== null && requestId !== null ? (
        <>
          {" · "}
          <a href={requestPath(requestId)}>How this is counted</a>
        </>
      ) : null}
    </p>
  )
}
