using System.Net;
using System.Text;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Calls;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>Calls whose client or gateway goes away: what is paid depends on how far the provider had come.</summary>
public abstract class LostClients(AdaptersFixture fixture, Family family)
{
    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_that_leaves_before_the_provider_has_its_request_pays_nothing(bool stream)
    {
        // This upstream never reads: a large body stays stuck on the way to it.
        var arrived = new TaskCompletionSource();
        await using var deaf = await RawUpstream.StartAsync(async http =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var model = await Adapters.ModelAtAsync(family, deaf.BaseAddress);
        var call = TestCall.Of(model, stream, text: new string('x', 30 * 1024 * 1024));

        var asking = Adapters.AskAsync(call);
        await arrived.Task;
        await Adapters.AbortAsync(call.RequestId);

        Assert.Equal(499, (await asking).Status);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ClientAbort, TokenCounts.None, accepted: false));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_that_leaves_before_the_first_byte_pays_the_prompt(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "hang");
        var call = TestCall.Of(model, stream);

        var asking = Adapters.AskAsync(call);
        await Eventually.Equal(1, () => Adapters.OpenAtSandboxAsync(model));
        await Adapters.AbortAsync(call.RequestId);

        Assert.Equal(499, (await asking).Status);
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(1));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ClientAbort, new TokenCounts(family.CountPrompt(call), 0, 0, Estimated: true)));
    }

    [Fact]
    public async Task A_client_that_leaves_in_mid_stream_pays_the_prompt_and_what_was_forwarded()
    {
        var model = await Adapters.ModelAsync(family, "chunks=7,hang=3");
        var call = TestCall.Of(model, stream: true);

        await using var running = await Adapters.StartAsync(call);
        await running.ReadUntilAsync("\"content\":\" sand\"");
        await Adapters.AbortAsync(call.RequestId);
        var answer = await running.ReadAsync();

        Assert.Equal((true, "Hello! The sand"), (answer.IsBroken, answer.Content));
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(1));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ClientAbort, new TokenCounts(family.PromptOnceBegun(call), family.Count(answer.Content), 0, Estimated: true)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_connection_that_is_lost_without_a_word_is_our_fault(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "hang");
        var call = TestCall.Of(model, stream);
        using var giveUp = new CancellationTokenSource();

        var asking = Adapters.AskAsync(call, giveUp.Token);
        await Eventually.Equal(1, () => Adapters.OpenAtSandboxAsync(model));
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(3));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.PlatformCrash, new TokenCounts(family.CountPrompt(call), 0, 0, Estimated: true)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_lost_connection_that_the_word_explains_a_moment_later_is_the_clients(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "hang");
        var call = TestCall.Of(model, stream);
        using var giveUp = new CancellationTokenSource();

        var asking = Adapters.AskAsync(call, giveUp.Token);
        await Eventually.Equal(1, () => Adapters.OpenAtSandboxAsync(model));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model));
        await Adapters.AbortAsync(call.RequestId);

        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ClientAbort, new TokenCounts(family.CountPrompt(call), 0, 0, Estimated: true)));
    }

    [Fact]
    public async Task A_client_that_leaves_while_its_request_is_still_coming_in_pays_nothing()
    {
        var model = await Adapters.ModelAsync(family);
        var call = TestCall.Of(model, stream: false);
        using var half = new HalfContent(call.Body);

        using var giveUp = new CancellationTokenSource();
        var asking = Adapters.StartAsync(call, half, giveUp.Token);
        await half.IsSent;
        var calls = Adapters.Service.Services.GetRequiredService<RunningCalls>();
        await Eventually.True(() => calls.Find(call.RequestId) is not null);
        await Adapters.AbortAsync(call.RequestId);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await fixture.AssertRecordedAsync(call.Row(null, EndCause.ClientAbort, TokenCounts.None, accepted: false));
        Assert.Empty(await Adapters.ReceivedAtSandboxAsync(model));
    }

    /// <summary>A body that stops in its middle.</summary>
    private sealed class HalfContent(string body) : HttpContent
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsSent => _sent.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(body[..(body.Length / 2)]), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _sent.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = Encoding.UTF8.GetByteCount(body);
            return true;
        }
    }
}
