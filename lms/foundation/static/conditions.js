// Questions that hang on another answer: hidden, and not sent, until that answer is given. Without this script all are
// shown, each with its condition in words, and the server reads only those that are asked.
"use strict";
for (const form of document.querySelectorAll("form:has([data-when])")) {
  const parts = [...form.querySelectorAll("[data-when]")];
  const given = (name) => [...form.elements].filter((e) => e.name === name && e.checked && !e.disabled).map((e) => e.value);
  const look = () => {
    for (const part of parts) {             // in their order: a question may hang on one that hangs on another
      const wanted = part.dataset.is.split(" ");
      part.hidden = !given(part.dataset.when).some((value) => wanted.includes(value));
      for (const field of part.querySelectorAll("input, textarea")) field.disabled = part.hidden;
    }
  };
  for (const said of form.querySelectorAll("[data-said]")) said.hidden = true;
  form.addEventListener("change", look);
  look();
}
