using Aigc2d.ProviderAdapters.Tests.Kit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

public sealed class WenxinCompleteAnswers(AdaptersFixture fixture) : CompleteAnswers(fixture, Family.Wenxin);

public sealed class WenxinTranslations(AdaptersFixture fixture) : Translations(fixture, Family.Wenxin);

public sealed class WenxinBrokenUpstreams(AdaptersFixture fixture) : BrokenUpstreams(fixture, Family.Wenxin);

public sealed class WenxinLostClients(AdaptersFixture fixture) : LostClients(fixture, Family.Wenxin);

public sealed class WenxinTimeLimits(AdaptersFixture fixture) : TimeLimits(fixture, Family.Wenxin);

public sealed class WenxinOurOutages(AdaptersFixture fixture) : OurOutages(fixture, Family.Wenxin);

public sealed class WenxinEmbeddings(AdaptersFixture fixture) : Embeddings(fixture, Family.Wenxin);

public sealed class WenxinAnthropicClients(AdaptersFixture fixture) : AnthropicClients(fixture, Family.Wenxin);
