using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Billing.Forfeitures;

/// <summary>Outcomes as answers: the forfeiture as it now is, with 202 while a reversal waits for its second person, or why not.</summary>
internal static class ForfeitureAnswers
{
    public static IResult Of(ForfeitureResult result) => result.Outcome switch
    {
        ForfeitureOutcome.Done => TypedResults.Json(
            result.Forfeiture, statusCode: result.Forfeiture!.Reversal?.State == "pending" ? StatusCodes.Status202Accepted : StatusCodes.Status200OK),
        ForfeitureOutcome.Unknown => Problems.NotFound("There is no such forfeiture."),
        ForfeitureOutcome.OtherOrder => Problems.Conflict("suspension-used", $"This suspension has another order already: forfeiture {result.Forfeiture!.Id}."),
        ForfeitureOutcome.CallsRunning => Problems.Conflict("calls-running", "A call of the account is still running; its points are sealed when it has ended. Try again then."),
        ForfeitureOutcome.ReversalPending => Problems.Conflict("reversal-pending", "A reversal of this forfeiture waits for its decision; approve or refuse it first."),
        ForfeitureOutcome.AlreadyReversed => Problems.Conflict("reversed", "This forfeiture is reversed; a new suspension needs an order of its own."),
        ForfeitureOutcome.NothingPending => Problems.Conflict("nothing-pending", "No reversal of this forfeiture waits for a decision; request one first."),
        ForfeitureOutcome.AppealUsed => Problems.Conflict("appeal-used", "This appeal was used for another reversal."),
        ForfeitureOutcome.SamePerson => Problems.Of(
            StatusCodes.Status403Forbidden, "second-person", "A second person is needed", "Whoever requested a reversal cannot approve it; use another admin key."),
        ForfeitureOutcome.TooManyPoints => Problems.Conflict("too-many-points", $"No balance may exceed {Ledger.Micropoints.Max} micropoints; remove points first."),
        _ => throw new InvalidOperationException($"Unhandled outcome {result.Outcome}."),
    };
}
