// What went wrong in one plain sentence, what to do, the request id small. Never a stack, never a detail.
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { Button } from "../ui/index.ts"

export interface ErrorProps {
  frame: Frame
  status: number
  /** `ERRORS[code].title`. */
  title: string
  /** The public message of the error. */
  message: string
  /** What to do next; the first is the primary one. By status when absent. */
  next?: readonly { href: string; label: string }[] | undefined
}

const DEFAULT_NEXT: Record<number, readonly { href: string; label: string }[]> = {
  401: [{ href: "/login", label: "Sign in" }],
  402: [
    { href: "/dashboard", label: "Claim free credits" },
    { href: "/apps", label: "See what used them" },
  ],
  403: [{ href: "/dashboard", label: "Go to your dashboard" }],
  404: [
    { href: "/dashboard", label: "Go to your dashboard" },
    { href: "/", label: "Go to the front page" },
  ],
}

const ELSE = [{ href: "/", label: "Go to the front page" }]

export function ErrorPage({ frame, status, title, message, next }: ErrorProps): JSX.Element {
  const ways = next ?? DEFAULT_NEXT[status] ?? ELSE
  return (
    <PublicLayout frame={frame} title={title}>
      <section class="error-page">
        <p class="status" safe>
          {`Error ${status}`}
        </p>
        <h1 safe>{title}</h1>
        <p class="lead" safe>
          {message}
        </p>
        <div class="actions">
          {ways.map((way, index) => (
            <Button kind={index === 0 ? "primary" : "plain"} href={way.href} label={way.label} />
          ))}
        </div>
        <p class="request-id">
          {"Request "}
          <code safe>{frame.requestId}</code>
        </p>
      </section>
    </PublicLayout>
  )
}
