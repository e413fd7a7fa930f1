using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Admission;

/// <summary>
/// Screens a prompt and holds its points at the same time. What is not admitted leaves no hold behind: the hold of a refused call is released,
/// also when nobody knows whether it was placed.
/// </summary>
internal sealed class AdmitCall(ScreenPrompts screenings, PlaceHolds holds, ReleaseHolds releases, GatewayMetrics metrics, TimeProvider time)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    /// <param name="screening">What the provider would read.</param>
    /// <param name="images">Its images, each one's address as JSON in pieces.</param>
    /// <param name="hold">What the call may cost.</param>
    /// <param name="canHelp">Whether somebody in distress can be answered with help; if not, the call goes on.</param>
    /// <param name="clientGone">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The client has gone away; its hold is being released.</exception>
    public async Task<AdmissionDecision> AdmitAsync(
        Screening screening, IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> images, PlaceHold hold, bool canHelp, CancellationToken clientGone)
    {
        var askedAt = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, clientGone);
        var screened = screenings.SubmitAsync(screening, images, stop.Token);
        var held = holds.SubmitAsync(hold, stop.Token);

        var decision = new AdmissionDecision(AdmissionOutcome.Unavailable);
        try
        {
            decision = await DecideAsync(screened, held, canHelp);
        }
        finally
        {
            await stop.CancelAsync();
            if (decision.Outcome != AdmissionOutcome.Admitted && !await IsRefusedAsync(held)) releases.Enqueue(hold.RequestId, hold.AccountId, ReasonFor(decision.Outcome));
        }

        metrics.RecordAdmission(decision, time.GetElapsedTime(askedAt));
        if (!clientGone.IsCancellationRequested) return decision;

        if (decision.Outcome == AdmissionOutcome.Admitted) releases.Enqueue(hold.RequestId, hold.AccountId, ReasonFor(AdmissionOutcome.Unavailable));
        throw new OperationCanceledException(clientGone);
    }

    /// <summary>Takes an admission back before the provider is asked.</summary>
    public void Withdraw(Guid requestId, Guid accountId, string reason)
    {
        metrics.CountRefused(reason);
        releases.Enqueue(requestId, accountId, reason);
    }

    // A forbidden prompt is told so at once; after that Billing's word counts, and silence of either closes.
    private static async Task<AdmissionDecision> DecideAsync(Task<ScreenedPrompt> screened, Task<PlaceHoldResult> held, bool canHelp)
    {
        var prompt = await AnswerOf(screened);
        var verdict = prompt?.Verdict;
        if (verdict?.Action == VerdictAction.Block) return new(AdmissionOutcome.Blocked, verdict);
        if (canHelp && verdict?.Action == VerdictAction.Support) return new(AdmissionOutcome.Support, verdict);
        if (prompt is { HasUnreadableImage: true }) return new(AdmissionOutcome.ImageUnreadable);

        var hold = await AnswerOf(held);
        if (hold is null) return new(AdmissionOutcome.Unavailable);
        if (hold.Outcome != HoldOutcome.Placed) return new(AdmissionOutcome.HoldRefused, Hold: hold);
        return verdict is null ? new(AdmissionOutcome.Unavailable) : new(AdmissionOutcome.Admitted, verdict, hold);
    }

    private static async Task<T?> AnswerOf<T>(Task<T> question)
        where T : class
    {
        try
        {
            return await question;
        }
        catch (Exception exception) when (Outages.Include(exception))
        {
            return null;
        }
    }

    private static async Task<bool> IsRefusedAsync(Task<PlaceHoldResult> held) => held.IsCompletedSuccessfully && (await held).Outcome != HoldOutcome.Placed;

    private static string ReasonFor(AdmissionOutcome outcome) => outcome is AdmissionOutcome.Blocked or AdmissionOutcome.Support ? "input_blocked" : "admission_failed";
}
