// Sentences on parts that not every result has, said after the facts of every plan. Only such a page has this file.

const always = factSentences;
factSentences = (...given) => [...always(...given), ...data.asides[state.language]];
