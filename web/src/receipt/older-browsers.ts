/** What a library of this page asks for and Safari has since 15.4. To be imported before it. */
(Object as Partial<ObjectConstructor>).hasOwn ??= (object: object, key) =>
  Object.prototype.hasOwnProperty.call(object, key);

export {};
