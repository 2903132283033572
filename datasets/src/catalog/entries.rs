//! The entries of the catalogue, one a data set. SHA-256 sums of downloads are those that several independent projects publish;
//! those of the single batches of CIFAR-10 are known from one (the Ruby package torchvision).

use super::{Download, Edition, Entry, Known, Unpack};
use crate::{cifar10, glove, mnist, movielens};

const fn known(name: &'static str, sha256: &'static str) -> Known {
    Known { name, sha256: Some(sha256) }
}

const fn keep(
    name: &'static str,
    urls: &'static [&'static str],
    bytes: u64,
    sha256: &'static str,
) -> Download<'static> {
    Download { name, urls, bytes, sha256, unpack: Unpack::Keep }
}

/// The address of a file at each mirror.
macro_rules! mirrors {
    ($name:literal: $($base:literal),+) => { &[$(concat!($base, $name)),+] };
}

/// The mirrors of MNIST.
macro_rules! mnist {
    ($name:literal, $bytes:literal, $sha256:literal) => {
        keep(
            $name,
            mirrors!($name: "https://ossci-datasets.s3.amazonaws.com/mnist/",
                "https://storage.googleapis.com/cvdf-datasets/mnist/", "http://yann.lecun.com/exdb/mnist/"),
            $bytes,
            $sha256,
        )
    };
}

/// The mirrors of Fashion-MNIST.
macro_rules! fashion {
    ($name:literal, $bytes:literal, $sha256:literal) => {
        keep(
            $name,
            mirrors!($name: "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
            $bytes,
            $sha256,
        )
    };
}

/// The data sets, by the name that the command uses.
pub const ENTRIES: &[Entry] = &[MNIST, FASHION_MNIST, CIFAR10, MOVIELENS, GLOVE];

const MNIST: Entry = Entry {
    name: "mnist",
    title: "MNIST, handwritten digits (LeCun, Cortes, Burges)",
    licence: "no statement on the original page; some mirrors say CC BY-SA 3.0",
    page: "http://yann.lecun.com/exdb/mnist/",
    folders: mnist::FOLDERS,
    // Of the content: the same images are about in differently compressed files.
    editions: &[Edition {
        what: "60,000 + 10,000 grey images, 28 × 28",
        files: &[
            known(
                "train-images-idx3-ubyte.gz",
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            ),
            known(
                "train-labels-idx1-ubyte.gz",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            ),
            known(
                "t10k-images-idx3-ubyte.gz",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            ),
            known(
                "t10k-labels-idx1-ubyte.gz",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ),
        ],
    }],
    downloads: &[
        mnist!(
            "train-images-idx3-ubyte.gz",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
        ),
        mnist!(
            "train-labels-idx1-ubyte.gz",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
        ),
        mnist!(
            "t10k-images-idx3-ubyte.gz",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
        ),
        mnist!(
            "t10k-labels-idx1-ubyte.gz",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
        ),
    ],
};

const FASHION_MNIST: Entry = Entry {
    name: "fashion-mnist",
    title: "Fashion-MNIST, clothes (Xiao, Rasul, Vollgraf 2017)",
    licence: "MIT, © 2017 Zalando SE",
    page: "https://github.com/zalandoresearch/fashion-mnist",
    folders: mnist::FASHION_FOLDERS,
    editions: &[Edition {
        what: "60,000 + 10,000 grey images, 28 × 28",
        files: &[
            known(
                "train-images-idx3-ubyte.gz",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            known(
                "train-labels-idx1-ubyte.gz",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            known(
                "t10k-images-idx3-ubyte.gz",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
            known(
                "t10k-labels-idx1-ubyte.gz",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ],
    }],
    downloads: &[
        fashion!(
            "train-images-idx3-ubyte.gz",
            26_421_880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
        ),
        fashion!(
            "train-labels-idx1-ubyte.gz",
            29_515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
        ),
        fashion!(
            "t10k-images-idx3-ubyte.gz",
            4_422_102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
        ),
        fashion!(
            "t10k-labels-idx1-ubyte.gz",
            5_148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
        ),
    ],
};

const CIFAR10: Entry = Entry {
    name: "cifar10",
    title: "CIFAR-10, small photographs (Krizhevsky 2009)",
    licence: "no explicit licence; cite Krizhevsky 2009",
    page: "https://www.cs.toronto.edu/~kriz/cifar.html",
    folders: cifar10::FOLDERS,
    editions: &[
        Edition {
            what: "50,000 + 10,000 colour images, 32 × 32",
            files: &[
                known("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
                known("data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
                known("data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
                known("data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
                known("data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
                known("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
            ],
        },
        Edition {
            what: "20,000 + 4,000 of them: the first 2,000 + 400 of each class",
            files: &[
                known("train.bin.zst", "9bd4157dc4f0a868efd99a39e89cfb364e7002f7ab5773ebd6934383c2c4a260"),
                known("test.bin.zst", "f88bb2236d4a823fcbbf3f858cf3b36b504ed14dd5362e198bbce5f6ae94d7ae"),
            ],
        },
    ],
    downloads: &[Download {
        name: "cifar-10-binary.tar.gz",
        urls: &["https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"],
        bytes: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        unpack: Unpack::TarGz,
    }],
};

const MOVIELENS: Entry = Entry {
    name: "movielens",
    title: "MovieLens latest-small, film ratings (Harper, Konstan 2015)",
    licence: "GroupLens: research, not commercial, acknowledge, same conditions",
    page: "https://grouplens.org/datasets/movielens/latest/",
    folders: movielens::FOLDERS,
    editions: &[
        Edition {
            what: "100,836 ratings, September 2018",
            files: &[
                known("ratings.csv", "aa289ca83157595d0df6aea1be6a4ded676ddc4385472e8313a8ed9805352646"),
                known("movies.csv", "5a5f32dd9bb3797b8e728a1b98958789d2b13f294a69fdfbc5727f8a9611aa07"),
            ],
        },
        Edition {
            what: "100,004 ratings, October 2016",
            files: &[
                known("ratings.csv", "821795331fd974bbe7a8416f2a7eec2b548a485dedb47a073580b0a9a8a0a8d2"),
                known("movies.csv", "a87480009b75ecd8d1e8f70700c534b6aefd57eed31b087ce8268ef6061a166c"),
            ],
        },
    ],
    downloads: &[Download {
        name: "ml-latest-small.zip",
        urls: &["https://files.grouplens.org/datasets/movielens/ml-latest-small.zip"],
        bytes: 978_202,
        sha256: "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436",
        unpack: Unpack::Zip,
    }],
};

const GLOVE: Entry = Entry {
    name: "glove",
    title: "GloVe 6B, word vectors (Pennington, Socher, Manning 2014)",
    licence: "PDDL 1.0",
    page: "https://nlp.stanford.edu/projects/glove/",
    folders: glove::FOLDERS,
    editions: &[
        // Its own SHA-256 is not public; the archive that it comes in is checked.
        Edition {
            what: "400,000 words, 50 dimensions",
            files: &[Known { name: "glove.6B.50d.txt", sha256: None }],
        },
        Edition {
            what: "the 20,000 most frequent words, 50 dimensions",
            files: &[known(
                "glove.6B.50d.top20000.txt.gz",
                "1a6fa7d3fc270ada0711942920015196e866828161661e3ab59f1f95287937ec",
            )],
        },
    ],
    downloads: &[Download {
        name: "glove.6B.zip",
        urls: &[
            "https://nlp.stanford.edu/data/glove.6B.zip",
            "https://downloads.cs.stanford.edu/nlp/data/glove.6B.zip",
        ],
        bytes: 862_182_613,
        sha256: "617afb2fe6cbd085c235baf7a465b96f4112bd7f7ccb2b2cbd649fed9cbcf2fb",
        unpack: Unpack::Zip,
    }],
};
