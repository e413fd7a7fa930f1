using Aigc2d.Contracts.Accounts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.Keys;

public sealed class AnnouncementTests(BrokerFixture broker)
{
    [Fact]
    public async Task A_revoked_key_stops_working_in_every_gateway_within_a_second_of_the_announcement()
    {
        var settings = new Dictionary<string, string?> { ["ConnectionStrings:messaging"] = await broker.NewVirtualHostAsync() };
        await using var one = await Edge.StartAsync(settings: settings);
        await using var other = await Edge.StartAsync(settings: settings);
        Edge[] edges = [one, other];
        var (customer, bystander) = (one.Customer(), one.Customer());
        foreach (var key in new[] { customer, bystander }) other.Siblings.Accounts.Keys[key.Key] = key.Principal;
        foreach (var edge in edges) await Eventually.Equal(BusHealthStatus.Healthy, () => Task.FromResult(edge.Services.GetRequiredService<IBusControl>().CheckHealth().Status));
        foreach (var edge in edges) Assert.Equal((200, 200), (await StatusAsync(edge, customer), await StatusAsync(edge, bystander)));

        foreach (var edge in edges) edge.Siblings.Accounts.Keys.Clear();
        await one.Services.GetRequiredService<IBus>().Publish(new PrincipalChanged { AccountId = customer.Principal.AccountId, KeyId = customer.Principal.KeyId });
        foreach (var edge in edges) await Eventually.Equal(401, () => StatusAsync(edge, customer), TimeSpan.FromSeconds(1));
        foreach (var edge in edges) Assert.Equal(200, await StatusAsync(edge, bystander));
    }

    [Fact]
    public async Task A_plan_that_has_changed_is_in_force_in_every_gateway_within_a_second_of_the_announcement()
    {
        var settings = new Dictionary<string, string?> { ["ConnectionStrings:messaging"] = await broker.NewVirtualHostAsync() };
        await using var edge = await Edge.StartAsync(settings: settings);
        var customer = edge.Customer();
        await Eventually.Equal(BusHealthStatus.Healthy, () => Task.FromResult(edge.Services.GetRequiredService<IBusControl>().CheckHealth().Status));
        Assert.Equal(Strictness.Standard, await StrictnessAsync(edge, customer));

        edge.Siblings.Accounts.Keys[customer.Key] = customer.Principal with { Plan = customer.Principal.Plan with { Strictness = Strictness.Strict } };
        await edge.Services.GetRequiredService<IBus>().Publish(new PlanChanged { Plan = customer.Principal.Plan.Name });

        await Eventually.Equal(Strictness.Strict, () => StrictnessAsync(edge, customer), TimeSpan.FromSeconds(1));
    }

    private static async Task<Strictness> StrictnessAsync(Edge edge, Customer customer)
    {
        using var answer = await edge.ChatAsync(customer);
        return edge.Siblings.Moderation.Screenings.Last().Strictness;
    }

    private static async Task<int> StatusAsync(Edge edge, Customer customer)
    {
        using var answer = await edge.SendAsync(HttpMethod.Get, "/v1/models", customer.Key);
        return (int)answer.StatusCode;
    }
}
