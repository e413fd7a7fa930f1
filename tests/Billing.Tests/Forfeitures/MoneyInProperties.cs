using System.Net;
using Aigc2d.Billing.Forfeitures;
using Aigc2d.Billing.Redemptions;
using Aigc2d.Billing.Tests.Ledger;
using Aigc2d.Billing.Tests.Redemptions;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Forfeitures;

/// <summary>Calls, codes, grants, bans and appeals in any order, on a ledger of their own.</summary>
public sealed class MoneyInProperties(BillingFixture shared) : IAsyncLifetime
{
    private const int Numbers = 4;
    private const int Accounts = 2;

    private static readonly string[] People = ["alice", "bob"];

    private BillingFixture _billing = null!;

    public async ValueTask InitializeAsync() => _billing = await shared.AnotherAsync();

    public ValueTask DisposeAsync() => _billing.DisposeAsync();

    [Fact]
    public async Task Any_operations_end_as_the_model_says_and_every_step_passes_the_audit()
    {
        var lists = Gen.ListOf(Operations()).Where(list => list.Count > 0);
        foreach (var (operations, number) in Gen.Sample(lists, 25, 4).Select((list, i) => (list.ToArray(), i))) await CheckAsync(operations, number);
    }

    private static Gen<Operation> Operations() =>
        from kind in Gen.Frequency(
            (4, Gen.Constant("place")), (4, Gen.Constant("settle")), (1, Gen.Constant("release")), (3, Gen.Constant("redeem")), (1, Gen.Constant("adjust")),
            (3, Gen.Constant("order")), (2, Gen.Constant("post")), (3, Gen.Constant("reverse")), (3, Gen.Constant("approve")), (1, Gen.Constant("refuse")))
        from number in Gen.Choose(0, Numbers - 1)
        from account in Gen.Choose(0, Accounts - 1)
        from other in Gen.Choose(0, 1)
        from output in Gen.Choose(0, 100)
        select new Operation(kind, number, account, other, output);

    private async Task CheckAsync(Operation[] operations, int number)
    {
        long[] opening = [2 * Point, 5 * Point];
        var subject = new Subject(_billing, await Task.WhenAll(opening.Select(_billing.CustomerAsync)), (await _billing.CodesAsync(Numbers)).Codes);
        var model = new MoneyInModel(opening);
        for (var step = 0; step < operations.Length; step++)
        {
            var trace = $"case {number}, step {step}: {string.Join("; ", operations.Take(step + 1))}";
            var expected = Expect(model, operations[step], subject);
            model.Advance();
            var came = await subject.ApplyAsync(operations[step]);
            await _billing.Advance.AdvanceAllAsync(CancellationToken.None);

            Assert.True(expected == came, $"expected {expected}, came {came} after {trace}");
            for (var account = 0; account < Accounts; account++)
            {
                var points = await _billing.PointsOfAsync(subject.Accounts[account]);
                var stand = (points.BalanceMicropoints, points.HeldMicropoints, points.SealedMicropoints);
                Assert.True(model.Stand(account) == stand, $"expected {model.Stand(account)}, was {stand} after {trace}");
            }

            Assert.Equal(Enumerable.Range(0, Numbers).Select(model.StateOf), await subject.StatesAsync());
            await _billing.AssertAuditIsCleanAsync(trace);
        }
    }

    private static string? Expect(MoneyInModel model, Operation operation, Subject subject)
    {
        var request = subject.Requests[operation.Number];
        switch (operation.Kind)
        {
            case "place": return model.Place(request, operation.Number % Accounts).ToString();
            case "settle": model.Settle(request, operation.Output); return null;
            case "release": model.Release(request); return null;
            case "redeem": return model.Redeem(operation.Number, operation.Account).ToString();
            case "adjust": return (model.Adjust(operation.Account, operation.Micropoints) ? HttpStatusCode.OK : HttpStatusCode.Conflict).ToString();
            case "order": return model.Order(operation.Number, operation.Account).ToString();
            case "post": return model.Post(operation.Number).ToString();
            case "reverse": return model.Reverse(operation.Number, operation.Other, People[operation.Account]).ToString();
            case "approve": return model.Approve(operation.Number, People[operation.Account]).ToString();
            default: return model.Refuse(operation.Number).ToString();
        }
    }

    /// <summary>Something that happens: to a request, a code or a ban by its number, to an account or by a person.</summary>
    private sealed record Operation(string Kind, int Number, int Account, int Other, int Output)
    {
        public long Micropoints => Other == 0 ? Point : -Point;

        public override string ToString() => $"{Kind} {Number} {Account} {Other} {Output}";
    }

    /// <summary>The same operations done for real.</summary>
    private sealed class Subject(BillingFixture billing, Guid[] accounts, string[] codes)
    {
        private readonly Guid[] _suspensions = [.. Enumerable.Range(0, Numbers).Select(_ => Guid.CreateVersion7())];
        private readonly Guid[] _appeals = [.. Enumerable.Range(0, Numbers * 2).Select(_ => Guid.CreateVersion7())];
        private readonly Guid?[] _forfeitures = new Guid?[Numbers];

        public Guid[] Accounts { get; } = accounts;

        public Guid[] Requests { get; } = [.. Enumerable.Range(0, Numbers).Select(_ => Guid.CreateVersion7())];

        private ReversalLedger Reversals => billing.Services.GetRequiredService<ReversalLedger>();

        public async Task<string?> ApplyAsync(Operation operation)
        {
            var hold = Hold(Accounts[operation.Number % MoneyInProperties.Accounts], LedgerModel.Input, LedgerModel.AskedOutput, requestId: Requests[operation.Number]);
            var forfeiture = _forfeitures[operation.Number] ?? Guid.CreateVersion7();
            var person = People[operation.Account];
            switch (operation.Kind)
            {
                case "place": return (await billing.PlaceAsync(hold)).ToString();
                case "settle": await billing.Settlement.SubmitAsync(Usage(hold, LedgerModel.Input, operation.Output)); return null;
                case "release": await billing.Release.SubmitAsync(new() { RequestId = hold.RequestId, AccountId = hold.AccountId, Reason = "test" }, CancellationToken.None); return null;
                case "redeem": return (await billing.Services.GetRequiredService<CodeRedemption>().RedeemAsync(Accounts[operation.Account], codes[operation.Number], CancellationToken.None)).Outcome.ToString();
                case "adjust": return (await billing.AskAsync(HttpMethod.Post, $"/admin/accounts/{Accounts[operation.Account]}/points", new { micropoints = operation.Micropoints, reason = "property" })).Status.ToString();
                case "order": return (await OrderAsync(operation)).ToString();
                case "post": return (await billing.Forfeitures.PostAsync(forfeiture, person, "appeal denied", CancellationToken.None)).Outcome.ToString();
                case "reverse": return (await Reversals.RequestAsync(forfeiture, _appeals[(operation.Number * 2) + operation.Other], "appeal won", person, CancellationToken.None)).Outcome.ToString();
                case "approve": return (await Reversals.ApproveAsync(forfeiture, person, CancellationToken.None)).Outcome.ToString();
                default: return (await Reversals.RefuseAsync(forfeiture, person, "no grounds", CancellationToken.None)).Outcome.ToString();
            }
        }

        public async Task<string?[]> StatesAsync()
        {
            var states = new Dictionary<Guid, string>();
            await using var command = billing.Owner.CreateCommand("select id, state from forfeitures where account_id = any($1)");
            command.Parameters.Add(new() { Value = Accounts });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) states.Add(reader.GetGuid(0), reader.GetString(1));
            return [.. _forfeitures.Select(id => id is null ? null : states.GetValueOrDefault(id.Value))];
        }

        private async Task<ForfeitureOutcome> OrderAsync(Operation operation)
        {
            var suspension = _suspensions[operation.Number];
            var result = await billing.Forfeitures.OrderAsync(new(Accounts[operation.Account], suspension, [suspension], "a ban", "alice"), CancellationToken.None);
            _forfeitures[operation.Number] ??= result.Forfeiture!.Id;
            return result.Outcome;
        }
    }
}
