using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ProviderAdapters.Tests.Anthropic;

/// <summary>Whatever order a conversation is in, Anthropic gets one that it accepts, with all of its words.</summary>
public sealed class AnthropicTurnProperties
{
    private static readonly string[] Messages =
    [
        """{"role":"system","content":"s"}""",
        """{"role":"user","content":"#"}""",
        """{"role":"user","content":[{"type":"text","text":" "},{"type":"text","text":"#"}]}""",
        """{"role":"user","content":""}""",
        """{"role":"assistant","content":"#"}""",
        """{"role":"assistant","content":null}""",
        """{"role":"assistant","content":"#","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"a:b","type":"function","function":{"name":"f","arguments":""}}]}""",
        """{"role":"assistant","function_call":{"name":"f","arguments":"{}"}}""",
        """{"role":"tool","tool_call_id":"a","content":"#"}""",
        """{"role":"tool","tool_call_id":"a:b","content":[{"type":"text","text":"#"}]}""",
        """{"role":"function","name":"f","content":null}""",
    ];

    [Fact]
    public void Turns_alternate_from_the_user_on_results_come_first_and_no_word_is_lost()
    {
        var conversations = from messages in Gen.Elements(Messages).ListOf() select messages.ToArray();
        Prop.ForAll(conversations.ToArbitrary(), messages =>
        {
            var turns = AnthropicModels.Translate(AnthropicModels.Sonnet45, $"\"messages\":[{string.Join(',', messages)}]")["messages"]!.AsArray();

            Assert.Equal(Enumerable.Range(0, turns.Count).Select(i => i % 2 == 0 ? "user" : "assistant"), turns.Select(turn => (string?)turn!["role"]));
            var ids = new HashSet<string>();
            foreach (var turn in turns)
            {
                var blocks = turn!["content"]!.AsArray();
                Assert.NotEmpty(blocks);
                var kinds = blocks.Select(KindOf).ToArray();
                Assert.Equal(kinds.OrderBy(kind => kind != "tool_result"), kinds);
                Assert.All(blocks.Where(block => KindOf(block) == "text"), block => Assert.False(string.IsNullOrWhiteSpace((string?)block!["text"])));
                Assert.All(blocks.Where(block => KindOf(block) == "tool_use"), block => Assert.True(ids.Add((string)block!["id"]!)));
            }

            Assert.Equal(string.Concat(messages).Count(c => c == '#'), turns.ToJsonString().Count(c => c == '#'));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static string? KindOf(JsonNode? block) => (string?)block!["type"];
}
