using System.Net;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Bodies;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Admission;

/// <summary>
/// Has the images of a prompt looked at, each by itself as the moderation of providers wants them, a few at a time, the newest first: those of earlier turns
/// were looked at when they came. What is forbidden ends it at once.
/// </summary>
internal sealed class ScreenImages(IHttpClientFactory clients, GatewayMetrics metrics, TimeProvider time)
{
    private const int AtOnce = 4;
    private const long MostBytesUnderWay = 128 * 1024 * 1024;
    private static readonly Verdict Allowed = new() { Action = VerdictAction.Allow };

    private readonly BodyBudget _underWay = new(MostBytesUnderWay);

    /// <summary>What nobody can say of an image.</summary>
    private enum Silence
    {
        /// <summary>Nobody can look at it.</summary>
        Unreadable,

        /// <summary>Nobody has looked at it in time.</summary>
        NoWord,
    }

    /// <summary>The worst that was said, by whom it may concern: what nobody said anything about counts only where it must.</summary>
    /// <param name="prompt">Whose images they are.</param>
    /// <param name="images">Each image's address as JSON, in pieces; none for one that nobody can look at.</param>
    /// <param name="check">Whether each of them must be looked at.</param>
    /// <param name="limit">When it ends.</param>
    /// <param name="ct">Ends it before.</param>
    /// <exception cref="TimeoutException">There must be a word on each image and there is none on some.</exception>
    public async Task<ScreenedPrompt> ScreenAsync(Screening prompt, IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> images, ImageCheck check, TimeSpan limit, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var (left, worst, silent, unreadable) = (images.Count, new ScreenedPrompt(Allowed), 0, 0);
        var turn = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, images.Count)).Select(_ => LookAsync()));

        if (worst.Verdict.Action == VerdictAction.Block) return worst;
        ct.ThrowIfCancellationRequested();
        if (check != ImageCheck.Required) return worst;
        return silent == 0 ? worst with { HasUnreadableImage = unreadable > 0 } : throw new TimeoutException("Nobody has looked at an image in time.");

        async Task LookAsync()
        {
            while (worst.Verdict.Action != VerdictAction.Block && Interlocked.Decrement(ref left) is var next and >= 0)
            {
                var (verdict, silence) = stop.IsCancellationRequested ? (null, Silence.NoWord) : await AskAsync(prompt, images[next], stop.Token);
                metrics.CountImage(verdict switch { null => silence.ToString(), { Remembered: true } => nameof(Verdict.Remembered), _ => nameof(Verdict) });
                lock (turn)
                {
                    if (verdict is not null) worst = ScreenedPrompt.Worse(worst, new ScreenedPrompt(verdict));
                    else if (silence == Silence.Unreadable) unreadable++;
                    else silent++;
                }

                if (verdict?.Action == VerdictAction.Block) await stop.CancelAsync();
            }
        }
    }

    private async Task<(Verdict? Verdict, Silence Silence)> AskAsync(Screening prompt, IReadOnlyList<ReadOnlyMemory<byte>> image, CancellationToken ct)
    {
        if (image.Count == 0) return (null, Silence.Unreadable);

        using var share = _underWay.Begin();
        if (!share.TryTake(image.Sum(piece => (long)piece.Length))) return (null, Silence.NoWord);

        try
        {
            using var question = ImageQuestion.Of(prompt, image);
            using var answer = await clients.CreateClient("moderation").SendAsync(question, ct);
            if (answer.StatusCode == HttpStatusCode.UnprocessableEntity) return (null, Silence.Unreadable);
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync(ContractsJson.Default.Verdict, ct), Silence.NoWord);
        }
        catch (Exception exception) when (Outages.Include(exception))
        {
            return (null, Silence.NoWord);
        }
    }
}
