// Sentences on parts that not every result has, said after the facts of every plan. Only such a page has this file.

const asideSentences = () => named(plan().at === data.plans[0].at ? data.asides : data.lasting);
const always = factSentences;
factSentences = (...given) => [...always(...given), ...asideSentences()];
