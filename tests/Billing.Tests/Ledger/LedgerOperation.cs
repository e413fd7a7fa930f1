using Aigc2d.Contracts.Providers;
using FsCheck;
using FsCheck.Fluent;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Ledger;

/// <summary>Something that happens to one of a few requests on one of two accounts.</summary>
internal sealed record LedgerOperation(string Kind, int Request, int Output, EndCause Cause, bool IsEstimated, bool IsOwnKey, long Micropoints)
{
    public const int Accounts = 2;
    public const int Requests = 6;

    public int Account => Request % Accounts;

    /// <summary>Every third request is for the model whose held output is capped.</summary>
    public bool IsCapped => Request % 3 == 2;

    public static Gen<LedgerOperation> Any() =>
        from kind in Gen.Frequency(
            (5, Gen.Constant("place")), (5, Gen.Constant("settle")), (2, Gen.Constant("release")), (1, Gen.Constant("expire")), (1, Gen.Constant("adjust")))
        from request in Gen.Choose(0, Requests - 1)
        from output in Gen.Choose(0, 250)
        from cause in Gen.Elements(EndCause.Completed, EndCause.OutputCut, EndCause.ProviderCut)
        from isEstimated in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from isOwnKey in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        from points in Gen.Choose(-3, 3).Where(points => points != 0)
        select new LedgerOperation(kind, request, output, cause, isEstimated, isOwnKey, points * Point);

    public static Gen<LedgerOperation[]> Lists() => Gen.ListOf(Any()).Where(list => list.Count > 0).Select(list => list.ToArray());

    /// <summary>The same thing said of each request: what it used follows from its number, so that only the order can differ.</summary>
    public static LedgerOperation Of(string kind, int request) =>
        new(kind, request, 30 * request, request % 3 == 0 ? EndCause.ProviderCut : EndCause.Completed, request % 4 == 1, request % 5 == 2, Point);

    public static IEnumerable<LedgerOperation> OfEach(string kind) => Enumerable.Range(0, Requests).Select(request => Of(kind, request));

    public override string ToString() => Kind switch
    {
        "settle" => $"settle {Request} {Output} {Cause}{(IsEstimated ? " estimated" : "")}{(IsOwnKey ? " own key" : "")}",
        "adjust" => $"adjust {Account} {Micropoints}",
        _ => $"{Kind} {Request}",
    };
}
