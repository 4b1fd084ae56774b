// What the packages of lists do not say of themselves.
declare module "disposable-email-domains" {
  const domains: readonly string[]
  export default domains
}
