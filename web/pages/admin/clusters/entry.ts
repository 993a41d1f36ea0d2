/** A connection as it is entered by hand. Holds secrets. */
export interface EnteredConnection {
  readonly name?: string;
  readonly description?: string;
  readonly authUrl?: string;
  readonly kind?: string;
  readonly username?: string;
  readonly userDomain?: string;
  readonly password?: string;
  readonly project?: string;
  readonly projectDomain?: string;
  readonly credentialId?: string;
  readonly credentialSecret?: string;
  readonly region?: string;
  readonly interface?: string;
  readonly ca?: string;
}

/** The entry of a clouds.yaml that says the same; undefined while something is missing. Where to reach what stays in the spec, to be seen and changed. */
export function entryOf(given: EnteredConnection): { readonly entry: object; readonly spec: object } | undefined {
  const auth = given.kind === 'application' ? applicationCredential(given) : password(given);
  if (!auth || !given.authUrl?.trim()) return undefined;
  return {
    entry: { ...auth.type, auth: { auth_url: given.authUrl.trim(), ...auth.fields } },
    spec: {
      ...(given.region && { region: given.region.trim() }),
      ...(given.interface && given.interface !== 'public' && { interface: given.interface }),
      ...(given.ca && { caBundle: given.ca }),
    },
  };
}

function password({ username, userDomain = 'Default', password: secret, project, projectDomain = 'Default' }: EnteredConnection) {
  if (!username || !secret || !project) return undefined;
  const fields = {
    username: username.trim(),
    password: secret,
    user_domain_name: userDomain.trim(),
    project_name: project.trim(),
    project_domain_name: projectDomain.trim(),
  };
  return { type: {}, fields };
}

function applicationCredential({ credentialId, credentialSecret }: EnteredConnection) {
  if (!credentialId || !credentialSecret) return undefined;
  const fields = { application_credential_id: credentialId.trim(), application_credential_secret: credentialSecret };
  return { type: { auth_type: 'v3applicationcredential' }, fields };
}
