using Aigc2d.Contracts.Moderation;
using Aigc2d.ServiceDefaults.Batching;
using Refit;

namespace Aigc2d.Gateway.Admission;

/// <summary>Sends screenings to Moderation in natural batches, two under way.</summary>
internal sealed class ScreenPrompts(IModerationApi moderation)
{
    // Long prompts go alone, so that short ones do not wait for them beyond the deadline.
    private const int MostBytes = 256 * 1024;
    private readonly Batcher<Screening, Verdict> _batcher = new(
        async screenings => (await moderation.ScreenAsync(new ScreenRequest { Screenings = [.. screenings] })).Verdicts,
        new BatcherOptions { MaxItems = 256, MaxBytes = MostBytes, InFlight = 2, QueueLimit = 10_000 },
        screening => screening.Texts.Sum(text => (long)text.Length) * sizeof(char),
        IsFaultOfOne);

    public Task<Verdict> SubmitAsync(Screening screening, CancellationToken ct) => _batcher.SubmitAsync(screening, ct);

    private static bool IsFaultOfOne(Exception exception) => exception is ApiException { StatusCode: >= (System.Net.HttpStatusCode)400 and < (System.Net.HttpStatusCode)500 };
}
