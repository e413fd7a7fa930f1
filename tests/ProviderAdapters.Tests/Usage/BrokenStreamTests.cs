using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Usage;

/// <summary>What is counted of a stream that breaks.</summary>
public sealed class BrokenStreamTests(AdaptersFixture fixture)
{
    [Fact]
    public async Task Text_that_goes_out_together_with_the_error_is_counted()
    {
        // Longer than what is held back, so that it is let go at once; what breaks the stream is there before it has been flushed.
        var text = string.Concat(Enumerable.Repeat("word ", 40));
        await using var upstream = await RawUpstream.StartAsync(http =>
        {
            http.Response.ContentType = "text/event-stream";
            return http.Response.WriteAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"" + text + "\"}}]}\n\ndata: {nothing\n\n");
        });
        var family = Family.OpenAi with { UpstreamPrefix = "up" };
        var model = await fixture.Adapters.ModelAtAsync(family, upstream.BaseAddress);
        var call = TestCall.Of(model, stream: true);

        var answer = await fixture.Adapters.AskAsync(call);

        Assert.Equal((true, text), (answer.IsBroken, answer.Content));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderCut, new TokenCounts(family.CountPrompt(call), family.Count(text), 0, Estimated: true)));
    }
}
