using Aigc2d.Gateway.Bodies;
using Aigc2d.Gateway.Tests.Stands;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.Errors;

public sealed class BodyBudgetTests
{
    [Fact]
    public void What_requests_hold_together_is_bounded_and_comes_back_when_they_end()
    {
        var budget = new BodyBudget(100);
        using var first = budget.Begin();
        using (var second = budget.Begin())
        {
            Assert.Equal((true, true, false, true), (first.TryTake(60), second.TryTake(30), second.TryTake(11), second.TryTake(10)));
        }

        Assert.Equal((false, true), (first.TryTake(41), first.TryTake(40)));
    }

    [Fact]
    public async Task Bodies_beyond_the_budget_are_503_and_those_after_them_are_served()
    {
        await using var edge = await Edge.StartAsync();
        var budget = edge.Services.GetRequiredService<BodyBudget>();
        var customer = edge.Customer();
        using (var others = budget.Begin())
        {
            while (others.TryTake(1024 * 1024))
            {
            }

            for (var i = 0; i < 20; i++)
            {
                using var refused = await edge.ChatAsync(customer, Edge.Hello + new string(' ', 2 * 1024 * 1024));
                await refused.AssertOpenAiErrorAsync(503, "server_error", "service_unavailable", "The service is briefly unavailable; nothing was charged. Try again.");
            }
        }

        for (var i = 0; i < 20; i++)
        {
            using var served = await edge.ChatAsync(customer);
            Assert.Equal(200, (int)served.StatusCode);
        }
    }
}
