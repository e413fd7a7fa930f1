using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.ServiceDefaults.Batching;
using Refit;

namespace Aigc2d.ProviderAdapters.Screenings;

/// <summary>What became of a text that was to be screened.</summary>
public enum ScreenOutcome
{
    /// <summary>It may be shown.</summary>
    Allowed,

    /// <summary>It must not be shown.</summary>
    Blocked,

    /// <summary>Moderation did not say in time: nothing unscreened is shown.</summary>
    Unavailable,
}

/// <summary>What became of several texts.</summary>
/// <param name="Outcome">Of all together: one that must not be shown is enough.</param>
/// <param name="Blocked">The places of those that must not be shown.</param>
public readonly record struct Screened(ScreenOutcome Outcome, IReadOnlyList<int> Blocked);

/// <summary>Asks Moderation about providers' texts, all calls together in natural batches.</summary>
public sealed class OutputScreen
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    private readonly IModerationApi _moderation;
    private readonly TimeProvider _time;
    private readonly ILogger<OutputScreen> _logger;
    private readonly Batcher<Screening, Verdict> _batcher;

    public OutputScreen(IModerationApi moderation, TimeProvider time, ILogger<OutputScreen> logger)
    {
        _moderation = moderation;
        _time = time;
        _logger = logger;
        _batcher = new Batcher<Screening, Verdict>(FlushAsync, new BatcherOptions { InFlight = 2, MaxBytes = 128 * 1024 }, SizeOf);
    }

    /// <summary>Screens texts; asks again until <paramref name="patience"/> is used up when Moderation does not answer.</summary>
    public async Task<Screened> ScreenAsync(IReadOnlyList<Screening> screenings, TimeSpan patience, CancellationToken ct)
    {
        var startedAt = _time.GetTimestamp();
        while (true)
        {
            try
            {
                var verdicts = await Task.WhenAll(screenings.Select(screening => _batcher.SubmitAsync(screening, ct)));
                int[] blocked = Array.Exists(verdicts, IsBlock) ? [.. Enumerable.Range(0, verdicts.Length).Where(i => IsBlock(verdicts[i]))] : [];
                return new(blocked.Length > 0 ? ScreenOutcome.Blocked : ScreenOutcome.Allowed, blocked);
            }
            catch (Exception exception) when (IsOutage(exception))
            {
                if (_time.GetElapsedTime(startedAt) + BetweenAttempts >= patience)
                {
                    _logger.LogWarning("Output could not be screened and is not shown: {Reason}", exception.Message);
                    return new(ScreenOutcome.Unavailable, []);
                }

                await Task.Delay(BetweenAttempts, _time, ct);
            }
        }
    }

    private async Task<IReadOnlyList<Verdict>> FlushAsync(IReadOnlyList<Screening> screenings) =>
        (await _moderation.ScreenAsync(new ScreenRequest { Screenings = [.. screenings] })).Verdicts;

    private static bool IsBlock(Verdict verdict) => verdict.Action == VerdictAction.Block;

    private static bool IsOutage(Exception exception) =>
        exception is HttpRequestException or ApiExceptionBase or JsonException or BatcherOverloadedException or TimeoutException
            or InvalidOperationException; // the batcher's word for an answer of the wrong length

    private static long SizeOf(Screening screening) => screening.Texts.Sum(text => (long)text.Length * sizeof(char));
}
