// The way back for people whom an app sent here for credits.
import { Button, Notice } from "../../ui/index.ts"

export const ReturnNote = ({ app }: { app: string }): JSX.Element => (
  <Notice tone="accent" text={`Add credits here, then go back to ${app}.`}>
    <Button kind="plain" href="/credits/back" label="Back to the app" />
  </Notice>
)
