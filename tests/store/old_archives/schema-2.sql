PRAGMA application_id = 1953195376;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE accounts (
    id INTEGER NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,                 -- x, bluesky, mastodon, web, text
    ref TEXT NOT NULL,                      -- native id; '~' and the handle where a dump shows none
    handle TEXT,                            -- without @
    name TEXT,
    bio TEXT,
    url TEXT,
    followers INTEGER,                      -- the three counts as a dump states them
    following INTEGER,
    posts INTEGER,
    UNIQUE (platform, ref)
);
INSERT INTO "accounts" VALUES(2,'bluesky','~odo.example.org','odo.example.org',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES(3,'bluesky','did:plc:bolindinvented0000000','bo.example.org','Bo Lind',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES(4,'bluesky','did:plc:miraokaforinvented000','mira.example.com','Mira Okafor','Potter in Ghent; before that @kilnlab. I burn a lot of wood and sometimes make bowls','https://mira.example.com',1204,318,96);
INSERT INTO "accounts" VALUES(5,'web','~ines duarte',NULL,'Inês Duarte','I write about materials.',NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES(6,'x','1200000000000000001','lena_fires','Lena Hartmann',NULL,'https://x.com/lena_fires',1530,402,2210);
INSERT INTO "accounts" VALUES(7,'x','~kiln_news','kiln_news','Kiln News',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES(8,'x','~jun_park','jun_park','Jun Park 🏺',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES(9,'x','~mira_lane','mira_lane','Mira Lane',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES(10,'x','~ada_k','ada_k','Ada Kovač',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES(11,'x','~tomas_v','tomas_v','Tomas',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES(12,'mastodon','https://kilns.example/users/mira','mira@kilns.example','Mira Okafor','Potter in the rain.','https://kilns.example/@mira',120,80,410);
INSERT INTO "accounts" VALUES(13,'mastodon','https://clay.example/users/bea','bea@clay.example','Bea Lindqvist :clay:','Clay, mostly.','https://clay.example/@bea',900,30,5000);
INSERT INTO "accounts" VALUES(14,'mastodon','https://kilns.example/users/ivo','ivo@kilns.example',NULL,NULL,'https://kilns.example/@ivo',3,5,9);
CREATE TABLE aliases (                      -- other refs of a record: '~' ids of what is now known by its native id
    kind TEXT NOT NULL CHECK (kind IN ('account', 'post')),
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- as a dump had it
    record INTEGER NOT NULL,                -- id in the table of that kind
    PRIMARY KEY (kind, platform, ref)
) WITHOUT ROWID;
INSERT INTO "aliases" VALUES('account','bluesky','~mira.example.com',4);
CREATE TABLE captures (                     -- which dump showed which record, and where
    kind TEXT NOT NULL CHECK (kind IN ('account', 'post', 'repost', 'pin', 'gap')),
    record INTEGER NOT NULL,                -- id in the table of that kind
    source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    locator TEXT NOT NULL,                  -- where in the dump: 'line 12', 'tweets.js 812'
    payload TEXT,                           -- JSON: what this dump showed, where it differs from the record as merged
    origins TEXT,                           -- JSON: the dumps an earlier archive had it from, for what came by its export
    PRIMARY KEY (kind, record, source)
) WITHOUT ROWID;
INSERT INTO "captures" VALUES('account',2,1,'lines 11-16',NULL,NULL);
INSERT INTO "captures" VALUES('account',3,2,'line 1',NULL,NULL);
INSERT INTO "captures" VALUES('account',4,1,'lines 1-5','{"ref":{"platform":"bluesky","id":"~mira.example.com"},"handle":"mira.example.com","name":"Mira Lane","bio":"Potter in Ghent; before that @kilnlab. I burn a lot of wood and sometimes make bowls","url":null,"followers":1204,"following":318,"posts":9}',NULL);
INSERT INTO "captures" VALUES('account',4,2,'line 2','{"ref":{"platform":"bluesky","id":"did:plc:miraokaforinvented000"},"handle":"mira.example.com","name":"Mira Okafor","bio":"Potter. Wood ash, salt, patience.\nKiln diary since 2019.","url":"https://mira.example.com","followers":412,"following":188,"posts":96}',NULL);
INSERT INTO "captures" VALUES('account',5,2,'line 3',NULL,NULL);
INSERT INTO "captures" VALUES('account',6,2,'line 4',NULL,NULL);
INSERT INTO "captures" VALUES('account',7,2,'line 5',NULL,NULL);
INSERT INTO "captures" VALUES('account',8,3,'post 1',NULL,NULL);
INSERT INTO "captures" VALUES('account',9,3,'post 2',NULL,NULL);
INSERT INTO "captures" VALUES('account',10,3,'post 3',NULL,NULL);
INSERT INTO "captures" VALUES('account',11,3,'post 5',NULL,NULL);
INSERT INTO "captures" VALUES('account',12,4,'ancestors item 1',NULL,NULL);
INSERT INTO "captures" VALUES('account',13,4,'descendants item 1',NULL,NULL);
INSERT INTO "captures" VALUES('account',14,4,'descendants item 3',NULL,NULL);
INSERT INTO "captures" VALUES('gap',1,2,'line 16',NULL,NULL);
INSERT INTO "captures" VALUES('pin',1,1,'lines 6-10',NULL,NULL);
INSERT INTO "captures" VALUES('pin',2,2,'line 15',NULL,NULL);
INSERT INTO "captures" VALUES('pin',3,4,'ancestors item 1',NULL,NULL);
INSERT INTO "captures" VALUES('post',1,1,'lines 6-10',NULL,NULL);
INSERT INTO "captures" VALUES('post',2,1,'lines 11-16',NULL,NULL);
INSERT INTO "captures" VALUES('post',3,1,'lines 17-20',NULL,NULL);
INSERT INTO "captures" VALUES('post',4,1,'lines 21-26',NULL,NULL);
INSERT INTO "captures" VALUES('post',5,1,'lines 27-30',NULL,NULL);
INSERT INTO "captures" VALUES('post',6,1,'lines 31-32',NULL,NULL);
INSERT INTO "captures" VALUES('post',7,1,'lines 33-36',NULL,NULL);
INSERT INTO "captures" VALUES('post',8,2,'line 6',NULL,'["36fbf1d269184dd443d610414fbda7f80da38ac1e766ee6e572ab4dfea2f7658","92014d17bcf57b05e4685ca87fb17730e2b187e319103ebc593463b18aaaebed"]');
INSERT INTO "captures" VALUES('post',9,2,'line 7',NULL,'["36fbf1d269184dd443d610414fbda7f80da38ac1e766ee6e572ab4dfea2f7658"]');
INSERT INTO "captures" VALUES('post',10,2,'line 8',NULL,'["36fbf1d269184dd443d610414fbda7f80da38ac1e766ee6e572ab4dfea2f7658"]');
INSERT INTO "captures" VALUES('post',11,2,'line 9',NULL,'["36fbf1d269184dd443d610414fbda7f80da38ac1e766ee6e572ab4dfea2f7658"]');
INSERT INTO "captures" VALUES('post',12,2,'line 10',NULL,'["92014d17bcf57b05e4685ca87fb17730e2b187e319103ebc593463b18aaaebed"]');
INSERT INTO "captures" VALUES('post',13,2,'line 11',NULL,'["92014d17bcf57b05e4685ca87fb17730e2b187e319103ebc593463b18aaaebed"]');
INSERT INTO "captures" VALUES('post',14,2,'line 12',NULL,NULL);
INSERT INTO "captures" VALUES('post',15,3,'post 1',NULL,NULL);
INSERT INTO "captures" VALUES('post',16,3,'post 2',NULL,NULL);
INSERT INTO "captures" VALUES('post',17,3,'post 3',NULL,NULL);
INSERT INTO "captures" VALUES('post',18,3,'post 3',NULL,NULL);
INSERT INTO "captures" VALUES('post',19,3,'post 5',NULL,NULL);
INSERT INTO "captures" VALUES('post',20,4,'ancestors item 1',NULL,NULL);
INSERT INTO "captures" VALUES('post',21,4,'descendants item 1',NULL,NULL);
INSERT INTO "captures" VALUES('post',22,4,'descendants item 2',NULL,NULL);
INSERT INTO "captures" VALUES('post',23,4,'descendants item 2',NULL,NULL);
INSERT INTO "captures" VALUES('post',24,4,'descendants item 3',NULL,NULL);
INSERT INTO "captures" VALUES('post',25,4,'descendants item 4',NULL,NULL);
INSERT INTO "captures" VALUES('repost',1,1,'lines 11-16',NULL,NULL);
INSERT INTO "captures" VALUES('repost',2,2,'line 13',NULL,NULL);
INSERT INTO "captures" VALUES('repost',3,2,'line 14',NULL,NULL);
INSERT INTO "captures" VALUES('repost',4,4,'descendants item 4',NULL,NULL);
CREATE TABLE circles (                      -- derived: posts that hang below nothing, to open a circle of replies
    post INTEGER NOT NULL PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE
);
CREATE TABLE gaps (                         -- posts known to be missing
    id INTEGER NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- the missing post
    reason TEXT NOT NULL,                   -- not found, blocked, deleted
    UNIQUE (platform, ref)
);
INSERT INTO "gaps" VALUES(1,'bluesky','at://did:plc:miraokaforinvented000/app.bsky.feed.post/3kq2ccccccc2c','deleted');
CREATE TABLE links (
    post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,              -- order within the post, from 0
    url TEXT,
    text TEXT,                              -- as it reads in the post
    title TEXT,                             -- of a card
    start INTEGER,                          -- code points of posts.text; NULL for a card below it
    "end" INTEGER, description TEXT,
    PRIMARY KEY (post, position)
) WITHOUT ROWID;
INSERT INTO "links" VALUES(3,0,'https://t.co/Kq7XmpleA1','t.co/Kq7XmpleA1',NULL,54,69,NULL);
INSERT INTO "links" VALUES(3,1,'https://ash.example.org/open-tables','t.co',NULL,NULL,NULL,NULL);
INSERT INTO "links" VALUES(9,0,'https://example.com/ash-glaze','example.com/ash-glaze',NULL,50,71,NULL);
INSERT INTO "links" VALUES(9,1,'https://example.com/ash-glaze','example.com','Ash glazes, a primer',NULL,NULL,NULL);
INSERT INTO "links" VALUES(14,0,NULL,'paper',NULL,NULL,NULL,NULL);
INSERT INTO "links" VALUES(14,1,'https://example.org/clays','project page',NULL,NULL,NULL,NULL);
INSERT INTO "links" VALUES(16,0,'https://kilns.example.org/guides/raku-without-a-kiln','https://kilns.example.org/guides/raku-without-a-kiln',NULL,37,89,NULL);
INSERT INTO "links" VALUES(20,0,'https://a.example/notes/7','https://a.example/notes/7',NULL,46,71,NULL);
INSERT INTO "links" VALUES(20,1,'https://a.example/notes/7',NULL,'Ash glaze no. 7',NULL,NULL,NULL);
CREATE TABLE media (
    post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,                     -- image, video, gif, audio
    url TEXT,
    file TEXT,                              -- name of our copy in media/
    alt TEXT,                               -- description for those who cannot see it
    PRIMARY KEY (post, position)
) WITHOUT ROWID;
INSERT INTO "media" VALUES(2,0,'image',NULL,NULL,'Transcript of Clay Hour ep 12: Yes. And people forget that an oven and a kiln were the same thing for a very long time.
But I think it matters that the baker did not know that. He had the bricks, he had the wood, and one winter he had no flour, which is how most good ideas in this town began.
So he put the jugs in where the loaves had been, and he watched them all night, and in the morning there were jugs. That is the whole story, and everything we do in this workshop today is a longer way of telling it.');
INSERT INTO "media" VALUES(8,0,'image','https://cdn.example.com/tiles.jpg',NULL,'Twelve glazed test tiles in two rows: green above, brown below.');
INSERT INTO "media" VALUES(12,0,'video',NULL,'9f/firing.mp4',NULL);
INSERT INTO "media" VALUES(16,0,'image','https://pbs.twimg.com/media/GAb1.jpg',NULL,'A glowing pot in tongs');
INSERT INTO "media" VALUES(16,1,'image','https://pbs.twimg.com/media/GAb2.png',NULL,NULL);
INSERT INTO "media" VALUES(23,0,'image','https://clay.example/media/chart.png',NULL,'A chart of pyrometric cones');
INSERT INTO "media" VALUES(24,0,'gif','https://files.kilns.example/spin.mp4',NULL,NULL);
CREATE TABLE mentions (
    post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    handle TEXT NOT NULL,                   -- without @
    PRIMARY KEY (post, position)
) WITHOUT ROWID;
INSERT INTO "mentions" VALUES(2,0,'pia.example.net');
INSERT INTO "mentions" VALUES(2,1,'tam.bsky.social');
INSERT INTO "mentions" VALUES(9,0,'bo.example.org');
INSERT INTO "mentions" VALUES(16,0,'ada_k');
INSERT INTO "mentions" VALUES(21,0,'mira@kilns.example');
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,         -- 'revision': counted up by every change; 'token': random, made with the archive
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "meta" VALUES('revision','4');
INSERT INTO "meta" VALUES('token','ca79e249b499038a945d849c765477c6');
CREATE TABLE pins (
    id INTEGER NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts (id),
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- the pinned post, held or not
    UNIQUE (account, platform, ref)
);
INSERT INTO "pins" VALUES(1,4,'bluesky','~e8c6dc9c905bdf19');
INSERT INTO "pins" VALUES(2,4,'bluesky','at://did:plc:miraokaforinvented000/app.bsky.feed.post/3kq2aaaaaaa2a');
INSERT INTO "pins" VALUES(3,12,'mastodon','https://kilns.example/users/mira/statuses/201');
CREATE TABLE posts (
    id INTEGER NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- native id; '~' and a fingerprint of author and text where a dump shows none
    author INTEGER REFERENCES accounts (id),
    title TEXT,                             -- of an article, a publication, a project
    text TEXT NOT NULL,
    created TEXT,                           -- 2024-05-01T12:00:00.000000Z, the first moment of what is known
    precision TEXT,                         -- how much of created is known: second, day, month, year
    origin TEXT,                            -- stated by the dump, or derived from an id
    url TEXT,
    reply_to TEXT,                          -- ref of the post it answers, on the same platform, held or not
    root TEXT,                              -- ref of the first post of its conversation, where a dump states it
    above INTEGER REFERENCES posts (id) ON DELETE SET NULL,  -- derived: the held post it hangs below in its thread
    thread INTEGER NOT NULL,                -- derived: posts.id of its thread's first held post; its own where it stands alone
    language TEXT,                          -- BCP 47
    warning TEXT,                           -- content warning
    visibility TEXT,                        -- public, unlisted, followers, direct
    counts TEXT NOT NULL,                   -- JSON: replies, reposts, likes, quotes, views
    edits TEXT NOT NULL,                    -- JSON: earlier versions
    inferred TEXT NOT NULL,                 -- JSON: what was concluded rather than read: split, thread, author, created
    words TEXT,                             -- letters of the text, by which a post without a native id is known again
    revision INTEGER NOT NULL, poll TEXT NOT NULL DEFAULT '[]', edited TEXT,              -- the archive's revision when it last changed; feeds the index
    UNIQUE (platform, ref)
);
INSERT INTO "posts" VALUES(1,'bluesky','~e8c6dc9c905bdf19',4,NULL,'Can you read a glaze 🏺 from the ash alone, before the kiln is opened?

We tried for a year, and wrote it down in “Reading Ash Before the Door Opens”🧵',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,'{}','[]','[]','canyoureadaglazefromtheashalonebeforethekilnisopenedwetriedforayearandwroteitdowninreadingashbef#a01a7537585b',2,'[]',NULL);
INSERT INTO "posts" VALUES(2,'bluesky','~52e874ca02810c23',2,NULL,'Did you know that the oldest kiln in town was built by a baker who had run out of bread? Lovely story in the new Clay Hour (with @pia.example.net and @tam.bsky.social). HT brickfan on Threads for the tip.',NULL,NULL,NULL,NULL,NULL,NULL,NULL,2,NULL,NULL,NULL,'{}','[]','[]','didyouknowthattheoldestkilnintownwasbuiltbyabakerwhohadrunoutofbreadlovelystoryinthenewclayhourw#107978e2403c',1,'[]',NULL);
INSERT INTO "posts" VALUES(3,'bluesky','~3abc55b151138eb3',4,NULL,'All the ash tables we used for this are here as well: t.co/Kq7XmpleA1',NULL,NULL,NULL,NULL,'~1abd404b7dadc156','~e8c6dc9c905bdf19',4,1,NULL,NULL,NULL,'{}','[]','["thread"]','alltheashtablesweusedforthisarehereaswell#b4e5549958ad',2,'[]',NULL);
INSERT INTO "posts" VALUES(4,'bluesky','~1abd404b7dadc156',4,NULL,'Finally, we show two things one can do with a good guess:

1) sort the wood before it is burnt (left).

2) leave the door shut for one more night (right).',NULL,NULL,NULL,NULL,'~3db549e79138c9bf','~e8c6dc9c905bdf19',5,1,NULL,NULL,NULL,'{}','[]','["thread"]','finallyweshowtwothingsonecandowithagoodguess1sortthewoodbeforeitisburntleft2leavethedoorshutforo#9d614b57b55a',2,'[]',NULL);
INSERT INTO "posts" VALUES(5,'bluesky','~3db549e79138c9bf',4,NULL,'We check our ash rule on four kilns that were opened anyway, so the answer was known.

It is right about the glaze in nine firings of ten, and wrong in the tenth by one shade.',NULL,NULL,NULL,NULL,'~ea2624022f049428','~e8c6dc9c905bdf19',6,1,NULL,NULL,NULL,'{}','[]','["thread"]','wecheckourashruleonfourkilnsthatwereopenedanywaysotheanswerwasknownitisrightabouttheglazeinninef#297409ba4b90',2,'[]',NULL);
INSERT INTO "posts" VALUES(6,'bluesky','~ea2624022f049428',4,NULL,'To put this to use, we weigh ash from every stoking and fit a line (the “ash rule”) through the weights. The line then says where the glaze of the next firing will be.',NULL,NULL,NULL,NULL,'~6a4455fd698de676','~e8c6dc9c905bdf19',7,1,NULL,NULL,NULL,'{}','[]','["thread"]','toputthistouseweweighashfromeverystokingandfitalinetheashrulethroughtheweightsthelinethensayswhe#e86544133c68',2,'[]',NULL);
INSERT INTO "posts" VALUES(7,'bluesky','~6a4455fd698de676',4,NULL,'We first ask the question plainly:

given ash that tells a beginner nothing, can a table say what colour is behind the door?',NULL,NULL,NULL,NULL,'~e8c6dc9c905bdf19','~e8c6dc9c905bdf19',1,1,NULL,NULL,NULL,'{}','[]','["thread"]','wefirstaskthequestionplainlygivenashthattellsabeginnernothingcanatablesaywhatcolourisbehindthedo#181852d7e372',2,'[]',NULL);
INSERT INTO "posts" VALUES(8,'bluesky','at://did:plc:miraokaforinvented000/app.bsky.feed.post/3kq2aaaaaaa2a',4,NULL,'What does wood ash do to a glaze? We fired the same test tiles in two kilns and found out. A thread 🧵 #Pottery','2024-05-01T12:30:00.250000Z','second','stated','https://bsky.app/profile/mira.example.com/post/3kq2aaaaaaa2a',NULL,NULL,NULL,8,'en',NULL,NULL,'{"replies":2,"reposts":14,"likes":97,"quotes":1}','[]','[]','whatdoeswoodashdotoaglazewefiredthesametesttilesintwokilnsandfoundoutathreadpottery#3c5a135e38c8',2,'[]',NULL);
INSERT INTO "posts" VALUES(9,'bluesky','at://did:plc:miraokaforinvented000/app.bsky.feed.post/3kq2bbbbbbb2b',4,NULL,'The recipe is @bo.example.org''s, written up here: example.com/ash-glaze

1) sieve the ash
2) wash it twice
3) half ash, half clay','2024-05-01T12:34:00.000000Z','second','stated','https://bsky.app/profile/mira.example.com/post/3kq2bbbbbbb2b','at://did:plc:miraokaforinvented000/app.bsky.feed.post/3kq2aaaaaaa2a','at://did:plc:miraokaforinvented000/app.bsky.feed.post/3kq2aaaaaaa2a',8,8,'en',NULL,NULL,'{}','[]','[]','therecipeisboexampleorgswrittenuphere1sievetheash2washittwice3halfashhalfclay#c5b46cc673c4',2,'[]',NULL);
INSERT INTO "posts" VALUES(10,'bluesky','at://did:plc:miraokaforinvented000/app.bsky.feed.post/3kq2ddddddd2d',4,NULL,'Next week: salt. Wear a mask, and read the warnings first.','2024-05-01T12:41:00.000000Z','second','stated','https://bsky.app/profile/mira.example.com/post/3kq2ddddddd2d','at://did:plc:miraokaforinvented000/app.bsky.feed.post/3kq2ccccccc2c','at://did:plc:miraokaforinvented000/app.bsky.feed.post/3kq2aaaaaaa2a',8,8,'en','chlorine fumes',NULL,'{}','[{"text":"Next week: salt.","created":{"instant":"2024-05-01T12:40:00Z","precision":"second","origin":"stated"},"id":"bafyinventedfirst"}]','[]','nextweeksaltwearamaskandreadthewarningsfirst#8f5ef3f913c4',2,'[]',NULL);
INSERT INTO "posts" VALUES(11,'bluesky','at://did:plc:bolindinvented0000000/app.bsky.feed.post/3kp9zzzzzzz2z',3,NULL,'Half ash, half clay. That is the whole secret.','2024-04-20T08:00:00.000000Z','second','stated','https://bsky.app/profile/bo.example.org/post/3kp9zzzzzzz2z',NULL,NULL,NULL,11,NULL,NULL,NULL,'{"likes":12}','[]','[]','halfashhalfclaythatisthewholesecret#2e8b49a3f7e9',2,'[]',NULL);
INSERT INTO "posts" VALUES(12,'x','1785000000000000001',7,NULL,'Cone 10 in nine hours: a firing log with every reading. The video is short.','2024-04-29T17:03:12.345678Z','second','derived','https://x.com/kiln_news/status/1785000000000000001',NULL,NULL,NULL,12,NULL,NULL,NULL,'{"views":20417}','[]','["truncated","created"]','cone10inninehoursafiringlogwitheveryreadingthevideoisshort…',2,'[]',NULL);
INSERT INTO "posts" VALUES(13,'x','~a251af53f37b6e9a',6,NULL,'I keep a list of every cup that broke and why. It is the best teacher I have had.',NULL,NULL,NULL,NULL,NULL,NULL,NULL,13,NULL,NULL,'followers','{}','[]','["split","author"]','ikeepalistofeverycupthatbrokeandwhyitisthebestteacherihavehad#219318a2b4fa',2,'[]',NULL);
INSERT INTO "posts" VALUES(14,'web','~ab4620972bcfca2e',5,'A field guide to local clays','With M. Okafor. Where to dig, what to test, and what to leave in the ground.','2023-09-01T00:00:00.000000Z','month','stated',NULL,NULL,NULL,NULL,14,NULL,NULL,NULL,'{}','[]','[]','withmokaforwheretodigwhattotestandwhattoleaveintheground#80cca814266c',2,'[]',NULL);
INSERT INTO "posts" VALUES(15,'x','1749999999999999990',8,NULL,'How do you fire raku without a kiln?','2024-01-24T03:31:19.000000Z','second','stated','https://x.com/jun_park/status/1749999999999999990',NULL,NULL,NULL,15,'en',NULL,NULL,'{"replies":1,"likes":3,"reposts":0}','[]','[]','howdoyoufirerakuwithoutakiln#99f6f42ea128',3,'[]',NULL);
INSERT INTO "posts" VALUES(16,'x','1750000000000000001',9,NULL,'Raku firing, step by step 🔥

1. Read https://kilns.example.org/guides/raku-without-a-kiln first, thanks @ada_k #raku','2024-01-24T03:31:20.000000Z','second','stated','https://x.com/mira_lane/status/1750000000000000001','1749999999999999990','1749999999999999990',15,15,'en',NULL,NULL,'{"replies":48,"reposts":152,"likes":1204,"views":30142}','[]','["thread"]','rakufiringstepbystep1readfirstthanksadakraku#772a55df5b83',3,'[]',NULL);
INSERT INTO "posts" VALUES(17,'x','~4162ee9f0c718749',10,NULL,'Leaves, not sawdust: sawdust smokes out the whole street.','2024-01-20T08:00:00.000000Z','second','stated',NULL,NULL,NULL,NULL,17,'en',NULL,NULL,'{}','[]','[]','leavesnotsawdustsawdustsmokesoutthewholestreet#e0f6d6f59b45',3,'[]',NULL);
INSERT INTO "posts" VALUES(18,'x','1750000000000000002',9,NULL,'2. The reduction chamber is any metal bin with a lid that closes tightly, half full of dry leaves. What happens in it decides the colour, so take','2024-01-24T03:32:00.000000Z','second','stated','https://x.com/mira_lane/status/1750000000000000002','1750000000000000001','1749999999999999990',16,15,'en',NULL,NULL,'{"likes":2,"replies":0}','[]','["thread","truncated"]','2thereductionchamberisanymetalbinwithalidthatclosestightlyhalffullofdryleaveswhathappensinitdeci…',3,'[]',NULL);
INSERT INTO "posts" VALUES(19,'x','1750000000000000050',11,NULL,'Schön!','2024-01-24T03:38:08.084000Z','second','derived','https://x.com/tomas_v/status/1750000000000000050',NULL,'1749999999999999990',15,15,'de',NULL,NULL,'{}','[]','["created","thread"]','schön#1a028e829b25',3,'[]',NULL);
INSERT INTO "posts" VALUES(20,'mastodon','https://kilns.example/users/mira/statuses/201',12,NULL,'Opened the kiln & the ash glaze held.

Notes: https://a.example/notes/7 #AshGlaze','2024-05-01T06:00:00.000000Z','second','stated','https://kilns.example/@mira/201',NULL,NULL,NULL,20,'en',NULL,'public','{"replies":2,"reposts":3,"likes":12,"quotes":0}','[]','[]','openedthekilntheashglazeheldnotesashglaze#7248bae31a99',4,'[]',NULL);
INSERT INTO "posts" VALUES(21,'mastodon','https://clay.example/users/bea/statuses/77',13,NULL,'@mira at what cone?','2024-05-01T08:00:00.000000Z','second','stated','https://clay.example/@bea/77','https://kilns.example/users/mira/statuses/202','https://kilns.example/users/mira/statuses/201',20,20,'en',NULL,'public','{"replies":0,"reposts":0,"likes":0,"quotes":0}','[]','[]','atwhatcone#13a36ee4efb2',4,'[]',NULL);
INSERT INTO "posts" VALUES(22,'mastodon','https://kilns.example/users/mira/statuses/204',12,NULL,'six, slowly :kiln:','2024-05-01T08:30:00.000000Z','second','stated','https://kilns.example/@mira/204','https://clay.example/users/bea/statuses/77','https://kilns.example/users/mira/statuses/201',21,20,'en','kiln talk','followers','{"replies":0,"reposts":0,"likes":0,"quotes":0}','[]','[]','sixslowlykiln#5876eb194080',4,'[]',NULL);
INSERT INTO "posts" VALUES(23,'mastodon','https://clay.example/users/bea/statuses/80',13,NULL,'Cones 04 to 10, one chart.','2024-05-04T20:00:00.000000Z','second','stated','https://clay.example/@bea/80',NULL,NULL,NULL,23,'en',NULL,'public','{"replies":0,"reposts":0,"likes":0,"quotes":0}','[]','[]','cones04to10onechart#0405b3adee23',4,'[]',NULL);
INSERT INTO "posts" VALUES(24,'mastodon','https://kilns.example/users/ivo/statuses/206',14,NULL,'Which clay next?','2024-05-01T09:00:00.000000Z','second','stated','https://kilns.example/@ivo/206','~999','https://kilns.example/users/mira/statuses/201',20,20,'en','sensitive','unlisted','{"replies":0,"reposts":0,"likes":0,"quotes":0}','[]','[]','whichclaynext#c4d655147c8d',4,'[{"text":"Porcelain","votes":5},{"text":"Raku","votes":2}]',NULL);
INSERT INTO "posts" VALUES(25,'mastodon','https://clay.example/users/bea/statuses/81',13,NULL,'Frost again.','2024-05-06T06:00:00.000000Z','second','stated','https://clay.example/@bea/81',NULL,NULL,NULL,25,'sv',NULL,'public','{"replies":0,"reposts":0,"likes":0,"quotes":0}','[]','[]','frostagain#e4fdb1270370',4,'[]',NULL);
CREATE TABLE problems (                     -- entries that could not be read
    id INTEGER NOT NULL PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    locator TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL                       -- the entry itself, cut at 4,000 characters; the whole stands in the kept dump
);
CREATE TABLE quotes (
    post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- the quoted post, held or not
    PRIMARY KEY (post, position)
) WITHOUT ROWID;
INSERT INTO "quotes" VALUES(9,0,'bluesky','at://did:plc:bolindinvented0000000/app.bsky.feed.post/3kp9zzzzzzz2z');
INSERT INTO "quotes" VALUES(18,0,'x','~4162ee9f0c718749');
INSERT INTO "quotes" VALUES(22,0,'mastodon','https://clay.example/users/bea/statuses/80');
CREATE TABLE removed (                      -- posts that are no more, for the index to forget
    post INTEGER NOT NULL PRIMARY KEY,      -- what posts.id was; never given again
    revision INTEGER NOT NULL               -- the archive's revision that removed it
);
CREATE TABLE reposts (
    id INTEGER NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts (id),
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- the post passed on, held or not
    created TEXT,
    precision TEXT,
    origin TEXT,
    UNIQUE (account, platform, ref)
);
INSERT INTO "reposts" VALUES(1,4,'bluesky','~52e874ca02810c23',NULL,NULL,NULL);
INSERT INTO "reposts" VALUES(2,6,'x','1785000000000000001','2024-04-30T00:00:00.000000Z','day','stated');
INSERT INTO "reposts" VALUES(3,4,'bluesky','at://did:plc:bolindinvented0000000/app.bsky.feed.post/3kp9zzzzzzz2z','2024-04-20T09:15:07.000000Z','second','derived');
INSERT INTO "reposts" VALUES(4,12,'mastodon','https://clay.example/users/bea/statuses/81','2024-05-06T07:00:00.000000Z','second','stated');
CREATE TABLE sources (                      -- the dumps, each kept as it came in sources/
    id INTEGER NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,            -- of the dump's bytes; also its name in sources/
    path TEXT NOT NULL,                     -- where it was read from, '-' for standard input
    bytes INTEGER NOT NULL,
    encoding TEXT,                          -- of its text, as found
    format TEXT NOT NULL,                   -- the parser that read it
    parser_version INTEGER NOT NULL,        -- that parser's VERSION then
    options TEXT NOT NULL,                  -- JSON: what the person importing told: author, owner, posts, split, starts
    owner TEXT,                             -- handle of the account that made the dump
    imported TEXT NOT NULL,                 -- when it was first imported, 2024-05-01T12:00:00.000000Z
    entries INTEGER NOT NULL,               -- what its last reading gave: records, skipped and problems together
    skipped TEXT NOT NULL,                  -- JSON: reason -> how many
    to_check INTEGER NOT NULL               -- boundaries between posts that a person should look at
, exported TEXT);
INSERT INTO "sources" VALUES(1,'2d89a69458dc982657a81bbc8dafd653306581f82345e90fb4767a3b5922674f','seeds/bluesky-profile.txt',2122,'utf-8','bluesky-text',3,'{"author":null,"owner":null,"posts":null,"split":"auto","starts":null,"likes":false,"columns":[],"saved_on":null}',NULL,'2026-11-28T11:10:31.001345Z',12,'{"repeated in this dump": 1}',0,NULL);
INSERT INTO "sources" VALUES(2,'969e0db38d9f5e62ff9daed188b227bde7a4ddc98b854f784bd79f82fcfd2ddd','seeds/export.jsonl',7325,'utf-8','jsonl',1,'{"author":null,"owner":null,"posts":null,"split":"auto","starts":null,"likes":false,"columns":[],"saved_on":null}',NULL,'2026-11-28T11:10:31.330272Z',16,'{}',0,NULL);
INSERT INTO "sources" VALUES(3,'93bdf743ea6edd811aa08ae4d2a2f8918b3bb5670eca04da2c3150e5babd5039','seeds/x-thread.html',8264,'utf-8','x-page',4,'{"author":null,"owner":null,"posts":null,"split":"auto","starts":null,"likes":false,"columns":[],"saved_on":null}',NULL,'2026-11-28T11:10:31.579202Z',11,'{"advertisement": 1, "suggested post": 1}',0,NULL);
INSERT INTO "sources" VALUES(4,'afbc245ec7c54a38d7af8af4c9a4f57b42feb0b9229cdcf2b074c564194836db','seeds/mastodon-context.json',9362,'utf-8','mastodon-api',2,'{"author":null,"owner":null,"posts":null,"split":"auto","starts":null,"likes":false,"columns":[],"saved_on":null}',NULL,'2026-11-28T11:10:31.828582Z',11,'{}',0,NULL);
CREATE TABLE tags (
    post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    tag TEXT NOT NULL,                      -- without #, as written
    PRIMARY KEY (post, position)
) WITHOUT ROWID;
INSERT INTO "tags" VALUES(8,0,'Pottery');
INSERT INTO "tags" VALUES(16,0,'raku');
INSERT INTO "tags" VALUES(20,0,'AshGlaze');
CREATE INDEX accounts_by_handle ON accounts (handle COLLATE NOCASE);
CREATE INDEX posts_by_revision ON posts (revision);
CREATE INDEX posts_by_thread ON posts (thread);
CREATE INDEX posts_by_author ON posts (author, words);
CREATE INDEX posts_cut ON posts (author) WHERE words LIKE '%…' AND ref LIKE '~%';
CREATE INDEX posts_private ON posts (id) WHERE visibility IN ('followers', 'direct');
CREATE INDEX posts_by_above ON posts (above) WHERE above IS NOT NULL;
CREATE INDEX posts_by_reply_to ON posts (platform, reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX posts_by_root ON posts (platform, root) WHERE root IS NOT NULL;
CREATE INDEX posts_by_url ON posts (url) WHERE url IS NOT NULL;
CREATE INDEX reposts_by_post ON reposts (platform, ref);
CREATE INDEX pins_by_post ON pins (platform, ref);
CREATE INDEX aliases_by_record ON aliases (kind, record);
CREATE INDEX captures_by_source ON captures (source);
CREATE INDEX problems_by_source ON problems (source);
CREATE INDEX removed_by_revision ON removed (revision);
COMMIT;
