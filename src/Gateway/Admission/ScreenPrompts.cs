using Aigc2d.Contracts.Moderation;
using Aigc2d.ServiceDefaults.Batching;
using Refit;

namespace Aigc2d.Gateway.Admission;

/// <summary>
/// Sends screenings to Moderation in natural batches, two under way; those it wants a provider's word on once more, each by itself, and their images
/// at the same time.
/// </summary>
internal sealed class ScreenPrompts(IModerationApi moderation, IProviderScreeningApi providers, ScreenImages pictures, TimeProvider time)
{
    /// <summary>How long Moderation may take when it asks a provider.</summary>
    public static readonly TimeSpan ProviderLimit = TimeSpan.FromMilliseconds(700);

    // What nobody has said by then about images can still be told apart from an outage of ours before the admission's own deadline.
    private static readonly TimeSpan Latest = AdmitCall.Deadline - TimeSpan.FromMilliseconds(100);

    // Long prompts go alone, so that short ones do not wait for them beyond the deadline.
    private const int MostBytes = 256 * 1024;
    private readonly Batcher<Screening, Verdict> _batcher = new(
        async screenings => (await moderation.ScreenAsync(new ScreenRequest { Screenings = [.. screenings] })).Verdicts,
        new BatcherOptions { MaxItems = 256, MaxBytes = MostBytes, InFlight = 2, QueueLimit = 10_000 },
        screening => screening.Texts.Sum(text => (long)text.Length) * sizeof(char),
        IsFaultOfOne);

    public async Task<ScreenedPrompt> SubmitAsync(Screening screening, IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> images, CancellationToken ct)
    {
        var askedAt = time.GetTimestamp();
        var own = await _batcher.SubmitAsync(screening, ct);
        if (own.Images == ImageCheck.None) return await AskAboutTextsAsync(own, screening, ct);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var left = Latest - time.GetElapsedTime(askedAt);
        var first = AskAboutTextsAsync(own, screening, stop.Token);
        var second = pictures.ScreenAsync(screening, images, own.Images, left < ProviderLimit ? left : ProviderLimit, stop.Token);
        if (await Task.WhenAny(first, second) == second) (first, second) = (second, first);
        try
        {
            // What is forbidden is told so, also when there is no word on the rest.
            if (first.IsCompletedSuccessfully && (await first).Verdict.Action == VerdictAction.Block) return await first;
            var last = await second;
            return last.Verdict.Action == VerdictAction.Block ? last : ScreenedPrompt.Worse(await first, last);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task<ScreenedPrompt> AskAboutTextsAsync(Verdict own, Screening screening, CancellationToken ct) =>
        new(own.AskProvider ? await providers.ScreenAsync(screening, ct) : own);

    private static bool IsFaultOfOne(Exception exception) => exception is ApiException { StatusCode: >= (System.Net.HttpStatusCode)400 and < (System.Net.HttpStatusCode)500 };
}
