/** A link as OpenStack writes it beside resources; informative only, never followed by host. */
export interface Link {
  rel: string;
  href: string;
}
