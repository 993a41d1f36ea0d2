/**
 * Every title a problem can have, with what it means and what to do; `type` of a problem is `/problems/TITLE`. A title, once given out, keeps
 * its meaning: scripts go by it.
 */
export const problems: Readonly<Record<string, string>> = {
  AlreadyExists: 'There is one of this name already. Choose another name, or change the one there is.',
  BadManifests: 'Manifests are wrong; `errors` says which file, line and field. Put them right and send them again.',
  BadRequest: 'A part of the request is wrong; `errors` names each field and what it takes.',
  BodyTooLarge: 'The body is larger than this path takes. Send less at a time.',
  CloudNotSignedIn: "The cloud took the Cluster's credentials no more, or lacks a service. Test the connection, and renew the credentials.",
  CloudRefused: 'The cloud refused what it was asked for, in its own words; `upstream` has its request id for whoever runs the cloud.',
  CloudUnavailable: 'The cloud could not be reached, or failed; `upstream` has its request id if there is one. Try again later.',
  ClusterListing: 'The cloud of the Cluster is looked at for the first time. Try again in a few seconds.',
  ClusterNotFound: 'There is no Cluster of this name; the answer lists those there are.',
  ClusterNotReady: 'The Cluster is not connected to its cloud; its conditions say why.',
  Conflict: 'Something else changed meanwhile, or stands against it. Look again, then repeat.',
  CrossSite: 'A page of another site sent the request with the cookies of this one. Use this site, or a token.',
  CsrfTokenMissing: 'A browser has to send the token against forged requests along. Reload the page.',
  DatabaseUnavailable: 'The database cannot be written or reached at the moment. Nothing was half done; try again.',
  Expired: 'What the request goes by is over: a cursor, a page or a version. Begin anew.',
  Forbidden: 'The role does not allow this; the answer names the permission and the roles that have it.',
  HeadersTooLarge: 'The headers are larger than 16 KiB. Send fewer or shorter ones, such as cookies.',
  InternalError: 'Something is wrong in the server. Its log has the details under the same requestId.',
  Invalid: 'The object breaks a rule of its kind; the answer says which.',
  KubernetesUnavailable: 'The Kubernetes API does not answer at the moment. Try again.',
  MalformedBody: 'The body cannot be read: not JSON, not UTF-8, a field twice, nested too deeply, or a number beyond all bounds.',
  MalformedRequest: 'This is not well-formed HTTP. Whatever sent it, or stands in between, has a fault.',
  MethodNotAllowed: 'The path exists, but not for this method; the header Allow has those there are.',
  NamespaceNotAllowed: 'The Cluster does not take objects of this namespace; its allowedNamespaces says which.',
  NotAcceptable: 'The answer cannot be had in the form that Accept asks for.',
  NotFound: 'There is nothing at this path, or nothing of this name that you may see.',
  NotReady: 'The controller is starting. Try again in a moment.',
  PreconditionFailed: 'Somebody changed the object since it was read. Read it again and send the change again.',
  PreconditionRequired: 'The change has to say which version it was made for: send If-Match with the ETag of the object.',
  Refused: 'The Kubernetes API refused the change; the answer has its words.',
  RequestEntityTooLarge: 'The object is larger than the Kubernetes API takes.',
  RequestTimeout: 'The request was not sent to its end in time. Send it again.',
  ServiceUnavailable: 'A part that is needed does not work at the moment. Try again.',
  Starting: 'The controller is starting. Try again in a few seconds.',
  Timeout: 'It took longer than it may. Try again.',
  TooManyRequests: 'More requests than the limit in a minute. Retry-After says in how many seconds to go on.',
  Unauthorized: 'Nobody known sent the request: the token or session is missing, wrong or over. Sign in again.',
  UnsupportedMediaType: 'The body is of a type, charset or encoding that this path does not take. Send JSON in UTF-8, not compressed.',
  UriTooLong: 'The path is longer than any that exists.',
};

/** The title that fits a status when nothing more is known. */
export function titleOf(status: number): string {
  return byStatus[status] ?? (status < 500 ? 'BadRequest' : 'InternalError');
}

const byStatus: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  408: 'RequestTimeout',
  409: 'Conflict',
  412: 'PreconditionFailed',
  413: 'BodyTooLarge',
  414: 'UriTooLong',
  415: 'UnsupportedMediaType',
  428: 'PreconditionRequired',
  429: 'TooManyRequests',
  431: 'HeadersTooLarge',
  503: 'ServiceUnavailable',
};
