/** A comment as a site has it. */
export interface SiteComment {
  readonly id: number;
  readonly body: string;
  /** The user name of who wrote it. */
  readonly author: string;
}

/** One pull or merge request of a site, with its comments. */
export interface CommentSite {
  /** For messages: `GitHub pull request owner/repository#12`. */
  readonly description: string;
  /** The user name as which this process writes. */
  author(): Promise<string>;
  /** All comments, page after page. */
  comments(): AsyncIterable<SiteComment>;
  /** Adds a comment; the address to read it at. */
  create(body: string): Promise<string>;
  /** Replaces a comment's text; the address to read it at. */
  update(id: number, body: string): Promise<string>;
}
