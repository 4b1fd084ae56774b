// Videos on the playground: asked for on one page, looked at on another, which looks again by itself until it is there.
import { assetUrl } from "../../layout/assets.ts"
import { ConsoleLayout } from "../../layout/console.tsx"
import { Facts } from "../../layout/detail-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { Button, type CodeTabsProps, Empty, Form, type FormView, Progress, Table, Time, When } from "../../ui/index.ts"
import { requestPath } from "../request.tsx"
import { AsCode, LEAD, PlaygroundAsk, PlaygroundTabs, Refusal } from "./parts.tsx"
import type { PlaygroundRefusal, PlaygroundVideo } from "./types.ts"

export interface PlaygroundVideosProps {
  frame: Frame
  form: FormView
  refusal: PlaygroundRefusal | null
  /** The latest first. */
  videos: readonly PlaygroundVideo[]
  code: CodeTabsProps["tabs"]
  now: number
}

const PATH = "/playground/videos"
const pathOf = ({ id }: Pick<PlaygroundVideo, "id">): string => `${PATH}/${encodeURIComponent(id)}`
const STATES: Readonly<Record<PlaygroundVideo["status"], string>> = {
  queued: "Waiting",
  in_progress: "Being made",
  completed: "Done",
  failed: "Failed",
}

export function PlaygroundVideosPage({ frame, form, refusal, videos, code, now }: PlaygroundVideosProps): JSX.Element {
  return (
    <ConsoleLayout frame={frame} title="Playground" lead={LEAD}>
      <PlaygroundTabs here="Videos" />
      <div class="playground">
        <PlaygroundAsk form={form} csrf={frame.csrf} />
        {refusal ? <Refusal refusal={refusal} /> : null}
        <section id="answers" aria-labelledby="answers-title">
          <h2 id="answers-title">Your videos</h2>
          <Table
            caption="Videos that you asked for here"
            hideCaption
            columns={[
              { label: "Asked for" },
              { label: "Model" },
              { label: "Length", numeric: true, minor: true },
              { label: "State" },
              { label: "Credits", numeric: true },
            ]}
            rows={videos.map((video) => [
              <a href={pathOf(video)}>
                <When ms={video.createdMs} now={now} />
              </a>,
              <bdi safe>{video.model}</bdi>,
              <span safe>{`${video.seconds} s`}</span>,
              <span safe>{STATES[video.status]}</span>,
              <span safe>{video.charged ?? "–"}</span>,
            ])}
            empty={<Empty title="No video yet" text="Say what is to be seen, and make one." />}
          />
          <p class="quiet">They stand here for 30 days. Their files stay with the provider, often for a day only.</p>
        </section>
        <AsCode code={code} />
      </div>
    </ConsoleLayout>
  )
}

export interface PlaygroundVideoProps {
  frame: Frame
  video: PlaygroundVideo
  /** Its file is still there. */
  isKept: boolean
}

export function PlaygroundVideoPage({ frame, video, isKept }: PlaygroundVideoProps): JSX.Element {
  const { model, status, seconds, size, createdMs, expiresMs, charged, requestId } = video
  const isOpen = status === "queued" || status === "in_progress"
  return (
    <ConsoleLayout frame={frame} title={TITLES[status]} up={{ href: PATH, label: "Videos" }}>
      <div class="playground">
        {isOpen ? <UnderWay video={video} /> : <Ended video={video} isKept={isKept} />}
        <Facts
          facts={[
            { label: "Model", value: <bdi safe>{model}</bdi> },
            { label: "Length", text: `${seconds} s` },
            { label: "Size", text: size },
            { label: "Asked for", value: <Time ms={createdMs} /> },
            ...(expiresMs !== null && isKept ? [{ label: "Kept until", value: <Time ms={expiresMs} /> }] : []),
            { label: "Price", text: priceOf(video) },
          ]}
        />
        {requestId !== null && charged !== null ? (
          <p>
            <a href={requestPath(requestId)}>How this is counted</a>
          </p>
        ) : null}
        {isOpen ? null : (
          <Form action={`${pathOf(video)}/deletion`} csrf={frame.csrf} class="form">
            <Button label="Delete this video" kind="danger" small />
          </Form>
        )}
      </div>
    </ConsoleLayout>
  )
}

const TITLES: Readonly<Record<PlaygroundVideo["status"], string>> = {
  queued: "A video that waits its turn",
  in_progress: "A video is being made",
  completed: "A video",
  failed: "A video that failed",
}

function priceOf({ charged, status }: PlaygroundVideo): string {
  if (charged !== null) return `${charged} credits`
  return status === "failed" ? "Nothing" : "Held until it is done; nothing if it fails"
}

function UnderWay({ video }: { video: PlaygroundVideo }): JSX.Element {
  return (
    <div role="status" aria-busy="true" data-module={assetUrl("js/again.js")}>
      <Progress
        id="video-progress"
        label={STATES[video.status]}
        value={video.progress}
        text={`${Math.round(video.progress)} %`}
      />
      <noscript>
        <p>
          <a href={pathOf(video)}>Look again</a>
        </p>
      </noscript>
    </div>
  )
}

function Ended({ video, isKept }: { video: PlaygroundVideo; isKept: boolean }): JSX.Element {
  const src = `${pathOf(video)}/content`
  if (video.status === "failed")
    return <p safe>{`${video.error ?? "It could not be made."} You were charged nothing.`}</p>
  if (!isKept) return <p>The provider does not keep its file any more. Make it again if you need it.</p>
  return (
    <>
      <video
        class="playground-video"
        {...{ controls: true, preload: "metadata" }}
        src={src}
        aria-label="The video that you asked for"
      >
        <a href={src}>Download it</a>
      </video>
      <p>
        <a class="button plain small" href={src} download="video.mp4">
          Download
        </a>
      </p>
    </>
  )
}
