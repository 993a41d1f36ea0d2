const name = (description: string) => ({ type: 'string', minLength: 1, maxLength: 253, description });
const namespace = name('the namespace of objects that name none; default otherwise.');

export const planQuery = { type: 'object', additionalProperties: false, properties: { namespace } };

/** Of a JSON request; a YAML one becomes `{manifests}`. */
export const planBody = {
  type: 'object',
  additionalProperties: false,
  required: ['manifests'],
  description: 'YAML, or an object with manifests, namespace and prune.',
  properties: {
    manifests: {
      type: ['string', 'array'],
      maxItems: 2000,
      description: 'YAML as text, or a list of {file, text}.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['file', 'text'],
        description: '{file, text}: the name that messages say, and the YAML.',
        properties: { file: name('the name of the file, for messages.'), text: { type: 'string', description: 'YAML as text.' } },
      },
    },
    namespace,
    prune: {
      type: 'object',
      additionalProperties: false,
      description: '{selector, namespace, allowEmpty}: what is deleted that is not among the manifests.',
      properties: {
        selector: { type: 'string', minLength: 1, maxLength: 1000, description: 'a label selector such as app=shop.' },
        namespace: name('only in this namespace.'),
        allowEmpty: { type: 'boolean', description: 'true when deleting all that fits is meant, though there are no manifests.' },
      },
    },
  },
};
