// A picture to send: button, drop or paste, and the part of it that is kept. Without scripts a file field, whose picture is cut in the middle.
import { assetUrl } from "../layout/assets.ts"
import { describedBy, FieldError, Help } from "./described.tsx"
import { Icon } from "./icon.tsx"

/** A square, or 16 by 9. */
export type UploadShape = "square" | "wide"

export interface UploadProps {
  name: string
  label: string
  /** Default: the name. */
  id?: string | undefined
  help?: string | undefined
  error?: string | undefined
  optional?: boolean | undefined
  shape?: UploadShape | undefined
}

/** What is taken; phones then convert their own formats. */
const TYPES = "image/jpeg,image/png,image/webp,image/gif"

/**
 * Words stand here and not in `js/crop.js`, which fills the crop in. The part of the picture goes into the form's hidden field `crop`, as three
 * fractions.
 */
export function Upload(props: UploadProps): JSX.Element {
  const {
    name,
    shape = "square",
    help = "JPEG, PNG, WebP or GIF, up to 8 MB. You can drop or paste it here too.",
  } = props
  const id = props.id ?? name
  return (
    <div
      class={`field upload ${shape}${props.error ? " invalid" : ""}`}
      data-upload=""
      data-types={TYPES}
      data-wrong="Choose a JPEG, PNG, WebP or GIF picture."
      data-large="This picture is larger than 8 MB. Choose a smaller one."
      data-broken="This picture cannot be read. Choose another one."
      data-module={assetUrl("js/crop.js")}
      data-unreached="The server cannot be reached. Your picture is still here; try again in a moment."
    >
      <label for={id}>
        <span safe>{props.label}</span>
        {props.optional ? <span class="optional"> (optional)</span> : null}
      </label>
      <Help id={id} text={help} />
      <FieldError id={id} text={props.error} />
      <p class="error" role="alert" data-error="" hidden>
        <Icon name="alert" />
        <span></span>
      </p>
      <SignedOut />
      <input
        id={id}
        type="file"
        name={name}
        accept={TYPES}
        aria-invalid={props.error ? "true" : undefined}
        aria-describedby={describedBy(id, { help, error: props.error })}
      />
      <div class="crop" hidden>
        {/* One control in two directions: no role of its own fits, so an application that says its keys. */}
        <div
          class="crop-area"
          tabindex="0"
          role="application"
          aria-label="Part of the picture that is kept"
          aria-describedby={`${id}-keys ${id}-part`}
        ></div>
        <label for={`${id}-zoom`}>Zoom</label>
        <input id={`${id}-zoom`} type="range" min="100" max="400" step="5" value="100" aria-valuetext="100%" />
        <p class="help" id={`${id}-keys`}>
          Drag the picture, or move it with the arrow keys and zoom with + and −.
        </p>
        <output class="help num" id={`${id}-part`} for={`${id}-zoom`}></output>
        <span class="sending" hidden>
          <progress max="1" value="0" aria-label="Sending the picture"></progress>
          <span class="num"></span>
        </span>
      </div>
    </div>
  )
}

/** The session is over: the page with the picture stays where it is. */
const SignedOut = (): JSX.Element => (
  <p class="error" role="alert" data-over="" hidden>
    <Icon name="alert" />
    <span>
      {"You were signed out. "}
      <a href="/dashboard" target="_blank" rel="noopener">
        Sign in in a new tab
      </a>
      , come back and press the button again. Your picture is still here.
    </span>
  </p>
)
