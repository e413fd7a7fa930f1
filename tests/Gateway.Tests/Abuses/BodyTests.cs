using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>Generated from the route list: each route that reads a body in a provider's dialect refuses what must be refused, before anybody behind it hears of it.</summary>
public sealed class BodyTests
{
    [Fact]
    public Task Broken_documents_are_refused_on_every_route() => AssertRefusedAsync(BodyAbuses.OfSyntax);

    [Fact]
    public Task Broken_texts_and_names_that_deceive_are_refused_on_every_route() => AssertRefusedAsync(BodyAbuses.OfTexts);

    [Fact]
    public Task Members_twice_or_in_another_case_are_refused_on_every_route() => AssertRefusedAsync(BodyAbuses.OfNames);

    [Fact]
    public Task Integers_that_are_none_or_out_of_range_are_refused_on_every_route() => AssertRefusedAsync(BodyAbuses.OfNumbers);

    [Fact]
    public Task Members_of_the_wrong_type_are_refused_on_every_route() => AssertRefusedAsync(BodyAbuses.OfTypes);

    private static async Task AssertRefusedAsync(Func<BodyForm, IEnumerable<BodyAbuse>> abuses)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        foreach (var path in PublicPath.OfDialects(edge))
        {
            foreach (var (name, body, field) in abuses(BodyForm.Of(path.Path)))
            {
                using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
                using var answer = await edge.SendAsync(path.Method, path.Path, customer.Key, content);
                await answer.AssertErrorOfAsync(path, 400, field, name);
            }
        }

        edge.AssertNobodyWasAsked();
    }
}
