"""NetworkX: graphs, generators, paths, flows, trees, matching, components, centrality, communities, text formats."""
import io
import json
import random

import networkx as nx
from networkx.algorithms import approximation, bipartite, community, isomorphism, tournament


def rounded(value):
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, (list, tuple)) else value


def sets(groups):
    return sorted(sorted(group) for group in groups)


G = nx.Graph(name="towns")
G.add_weighted_edges_from([("a", "b", 4), ("a", "c", 2), ("b", "c", 1), ("b", "d", 5), ("c", "d", 8),
    ("c", "e", 10), ("d", "e", 2), ("d", "f", 6), ("e", "f", 3)])
G.add_node("island", size=3)
print(G, len(G), G.number_of_edges(), G.nodes["island"], G.edges["a", "b"], G["c"], list(G.adj["a"].items()),
    dict(G.degree(weight="weight")))
G.nodes["a"]["colour"] = "red"
G["a"]["b"]["kind"] = "road"
print(G.nodes(data="colour", default="none"), list(G.edges(["a"], data=True)), G.has_edge("b", "a"), "z" in G,
    list(nx.neighbors(G, "d")), list(nx.non_neighbors(G, "d")), G.size(weight="weight"), nx.density(G),
    nx.degree_histogram(G))
H = G.subgraph("abcd").copy()
H.remove_edge("a", "b")
print(sorted(H.edges), nx.is_connected(H), G.edge_subgraph([("a", "b")]).nodes,
    nx.subgraph_view(G, filter_node=lambda n: n < "d").edges, nx.freeze(H.copy()) and nx.is_frozen(H))
print(sets(nx.connected_components(G)), nx.number_connected_components(G),
    nx.node_connected_component(G, "a") == set("abcdef"))
D = nx.DiGraph([(1, 2), (2, 3), (3, 1), (3, 4), (4, 5), (5, 4), (6, 5)])
M = nx.MultiDiGraph()
print(M.add_edge(1, 2, key="x", w=1), M.add_edge(1, 2, w=2), M.add_edges_from([(2, 1), (1, 2, {"w": 3})]),
    list(M.edges(keys=True, data="w")), M.number_of_edges(1, 2), M[1][2])
print(D.in_degree[4], list(D.successors(3)), list(D.predecessors(4)), list(D.reverse().edges),
    D.to_undirected().edges, sets(nx.strongly_connected_components(D)), list(nx.condensation(D).edges),
    nx.is_weakly_connected(D), nx.flow_hierarchy(D), nx.overall_reciprocity(D))
for wrong in (lambda: G.remove_node("nope"), lambda: nx.shortest_path(G, "a", "island"),
    lambda: nx.shortest_path(G, "a", "nope"), lambda: G["q"], lambda: list(nx.topological_sort(D)),
    lambda: G.add_edge(None, 1), lambda: nx.freeze(nx.Graph()).add_node(1),
    lambda: nx.is_connected(nx.Graph()), lambda: nx.DiGraph([(1, 2)]).edges[2, 1],
    lambda: nx.connected_components(D), lambda: nx.find_cycle(nx.path_graph(3)),
    lambda: nx.gnp_random_graph(3)):
    try:
        result = wrong()
        print(list(result))
    except Exception as error:
        print(type(error).__name__, error)

print(nx.shortest_path(G, "a", "f", weight="weight"), nx.dijkstra_path_length(G, "a", "f"),
    rounded(dict(nx.single_source_dijkstra_path_length(G, "a"))),
    nx.astar_path(G, "a", "f", lambda u, v: 0, weight="weight"), nx.bellman_ford_path(G, "a", "e"),
    nx.bidirectional_dijkstra(G, "a", "e"), list(nx.all_shortest_paths(G, "a", "d")),
    list(nx.all_simple_paths(G, "a", "d", cutoff=3)), dict(nx.all_pairs_shortest_path_length(H))["a"])
print({u: dict(d) for u, d in nx.floyd_warshall(H).items()}, nx.johnson(H)["a"],
    list(nx.shortest_simple_paths(G, "a", "f", weight="weight"))[:3], nx.has_path(G, "a", "island"),
    nx.average_shortest_path_length(G.subgraph("abcdef"), weight="weight"),
    nx.negative_edge_cycle(nx.DiGraph([(0, 1), (1, 0)])), nx.dijkstra_predecessor_and_distance(G, "a"))
C = G.subgraph("abcdef")
print(nx.diameter(C), nx.radius(C), nx.center(C), nx.periphery(C), nx.eccentricity(C), nx.barycenter(C),
    nx.wiener_index(C), list(nx.bridges(G)), sorted(nx.articulation_points(nx.barbell_graph(3, 1))),
    sets(nx.biconnected_components(nx.barbell_graph(3, 1))), nx.node_connectivity(C), nx.edge_connectivity(C),
    sorted(nx.minimum_edge_cut(C, "a", "f")), sets(nx.k_edge_components(C, 2)),
    sets(nx.minimum_node_cut(C, "a", "f")))
print(list(nx.bfs_edges(G, "a")), list(nx.dfs_preorder_nodes(G, "a")), list(nx.dfs_postorder_nodes(G, "a")),
    list(nx.dfs_labeled_edges(H, "a")), dict(nx.bfs_successors(G, "a")), list(nx.bfs_layers(G, "a")),
    list(nx.edge_dfs(D, 6)), list(nx.bfs_beam_edges(G, "a", G.degree, 2)), nx.bfs_tree(D, 1).edges,
    nx.descendants_at_distance(G, "a", 2) == {"d", "e"})
print(sorted(nx.minimum_spanning_edges(G, data=False)),
    sorted(nx.maximum_spanning_tree(G, algorithm="prim").edges(data="weight")),
    sorted(nx.minimum_spanning_tree(G, algorithm="boruvka").edges), nx.is_tree(nx.minimum_spanning_tree(C)),
    nx.to_prufer_sequence(nx.path_graph(5)), nx.from_prufer_sequence([3, 3, 3, 4]).edges,
    nx.minimum_spanning_arborescence(nx.DiGraph([(0, 1, {"weight": 2}), (1, 2, {"weight": 1}),
    (0, 2, {"weight": 9})])).edges, nx.lowest_common_ancestor(nx.DiGraph([(0, 1), (0, 2), (2, 3)]), 1, 3),
    nx.is_forest(G), nx.center(nx.balanced_tree(2, 3)), nx.number_of_nonisomorphic_trees(8),
    len(list(nx.nonisomorphic_trees(6))))

dag = nx.DiGraph([("shirt", "tie"), ("tie", "jacket"), ("trousers", "shoes"), ("trousers", "belt"),
    ("belt", "jacket"), ("socks", "shoes")])
print(list(nx.topological_sort(dag)), list(nx.lexicographical_topological_sort(dag)),
    list(nx.topological_generations(dag)), nx.dag_longest_path(dag), sorted(nx.ancestors(dag, "jacket")),
    sorted(nx.descendants(dag, "trousers")), nx.is_directed_acyclic_graph(dag),
    sorted(nx.transitive_closure(dag).edges)[:4], sorted(nx.transitive_reduction(nx.DiGraph([(1, 2), (2, 3),
    (1, 3)])).edges), len(list(nx.all_topological_sorts(dag))),
    list(nx.antichains(nx.DiGraph([(1, 2), (1, 3)]))),
    nx.immediate_dominators(nx.DiGraph([(1, 2), (1, 3), (2, 4), (3, 4)]), 1),
    sorted(map(sorted, nx.simple_cycles(D))), nx.find_cycle(D), sets(nx.cycle_basis(C)),
    nx.girth(nx.petersen_graph()))
F = nx.DiGraph()
for u, v, capacity, cost in (("s", "a", 10, 1), ("s", "b", 5, 2), ("a", "b", 15, 1), ("a", "t", 4, 3),
    ("b", "t", 9, 1)):
    F.add_edge(u, v, capacity=capacity, weight=cost)
for method in (nx.algorithms.flow.edmonds_karp, nx.algorithms.flow.preflow_push, nx.algorithms.flow.dinitz,
    nx.algorithms.flow.shortest_augmenting_path, nx.algorithms.flow.boykov_kolmogorov):
    print(method.__name__, nx.maximum_flow_value(F, "s", "t", flow_func=method),
        sets(nx.minimum_cut(F, "s", "t", flow_func=method)[1]))
print(nx.maximum_flow(F, "s", "t"), nx.cost_of_flow(F, nx.max_flow_min_cost(F, "s", "t")),
    nx.gomory_hu_tree(C, capacity="weight").number_of_edges(),
    nx.network_simplex(nx.DiGraph([(0, 1, {"weight": 3, "capacity": 4})]) , demand="d"),
    nx.stoer_wagner(C)[0])
print(sorted(map(sorted, nx.max_weight_matching(C))), sorted(map(sorted, nx.maximal_matching(C))),
    nx.is_perfect_matching(C, {("a", "c"), ("b", "d"), ("e", "f")}),
    sorted(map(sorted, nx.min_edge_cover(C))), sorted(nx.max_weight_clique(C, weight=None)[0]),
    sets(nx.find_cliques(C)), sorted(approximation.min_weighted_vertex_cover(C)),
    nx.greedy_color(C, "largest_first"), approximation.traveling_salesman_problem(nx.complete_graph(4)),
    nx.is_dominating_set(C, nx.dominating_set(C)), nx.is_chordal(C),
    nx.check_planarity(nx.complete_graph(5))[0], nx.is_eulerian(nx.cycle_graph(4)),
    list(nx.eulerian_circuit(nx.cycle_graph(4))), list(nx.chain_decomposition(C)), nx.core_number(C),
    sorted(nx.k_core(C, 2)), sets(nx.community.k_clique_communities(C, 3)))
B = nx.Graph([(1, "a"), (1, "b"), (2, "a"), (3, "c")])
print(nx.is_bipartite(B), bipartite.sets(B.subgraph([1, 2, "a", "b"])), bipartite.color(B),
    sorted(bipartite.maximum_matching(B, [1, 2, 3]).items(), key=str),
    bipartite.projected_graph(B, [1, 2, 3]).edges, bipartite.density(B, [1, 2, 3]),
    tournament.hamiltonian_path(nx.DiGraph([(0, 1), (1, 2), (0, 2)])))

K = nx.karate_club_graph()
for name in ("degree_centrality", "closeness_centrality", "betweenness_centrality", "harmonic_centrality",
    "eigenvector_centrality", "load_centrality", "clustering", "square_clustering", "constraint",
    "average_neighbor_degree", "triangles"):
    result = getattr(nx, name)(K)
    print(name, rounded([result[n] for n in (0, 5, 16, 33)]))
print(rounded([nx.transitivity(K), nx.average_clustering(K), nx.global_efficiency(K),
    nx.rich_club_coefficient(K, normalized=False)[3], nx.s_metric(K)]))
print(sets(community.greedy_modularity_communities(K)), sets(community.label_propagation_communities(K)),
    sets(community.louvain_communities(K, seed=4)), rounded(community.modularity(K,
    community.greedy_modularity_communities(K))), sets(next(community.girvan_newman(K))),
    sets(community.asyn_lpa_communities(K, seed=1)), sets(community.kernighan_lin_bisection(K, seed=2)),
    sep="\n")
print(rounded(list(nx.jaccard_coefficient(K, [(0, 33), (1, 2)]))),
    rounded(list(nx.adamic_adar_index(K, [(0, 33)]))), list(nx.preferential_attachment(K, [(0, 33)])),
    sorted(nx.common_neighbors(K, 0, 33)), rounded(nx.voterank(K)))

for make in (lambda: nx.petersen_graph(), lambda: nx.complete_bipartite_graph(2, 3),
    lambda: nx.grid_2d_graph(2, 3), lambda: nx.hypercube_graph(3),
    lambda: nx.gnp_random_graph(8, 0.4, seed=3), lambda: nx.barabasi_albert_graph(9, 2, seed=1),
    lambda: nx.watts_strogatz_graph(8, 4, 0.3, seed=5), lambda: nx.random_regular_graph(3, 8, seed=2),
    lambda: nx.balanced_tree(2, 2), lambda: nx.lollipop_graph(3, 2), lambda: nx.wheel_graph(5),
    lambda: nx.circular_ladder_graph(4), lambda: nx.florentine_families_graph(),
    lambda: nx.random_geometric_graph(6, 0.5, seed=1),
    lambda: nx.stochastic_block_model([3, 3], [[0.9, 0.1], [0.1, 0.9]], seed=2),
    lambda: nx.configuration_model([2, 2, 2, 2], seed=1), lambda: nx.havel_hakimi_graph([3, 2, 2, 1]),
    lambda: nx.gn_graph(6, seed=1), lambda: nx.scale_free_graph(6, seed=1),
    lambda: nx.random_labeled_tree(7, seed=3), lambda: nx.caveman_graph(2, 3), lambda: nx.turan_graph(5, 2),
    lambda: nx.mycielski_graph(4), lambda: nx.sudoku_graph(2), lambda: nx.kneser_graph(5, 2)):
    graph = make()
    print(type(graph).__name__, len(graph), sorted(map(str, graph.edges))[:9], graph.number_of_edges())
P, Q = nx.path_graph(3), nx.cycle_graph(3)
for name in ("union", "disjoint_union", "compose", "difference", "intersection", "symmetric_difference",
    "cartesian_product", "tensor_product", "lexicographic_product", "strong_product", "full_join"):
    try:
        print(name, sorted(getattr(nx, name)(P, Q).edges)[:6])
    except nx.NetworkXError as error:
        print(name, error)
print(sorted(nx.complement(P).edges), nx.power(nx.path_graph(4), 2).edges, nx.line_graph(Q).edges,
    nx.relabel_nodes(P, {0: "x"}).nodes, nx.convert_node_labels_to_integers(C,
    label_attribute="was").nodes(data=True), nx.contracted_nodes(Q, 0, 1).edges,
    nx.quotient_graph(C, [set("abc"), set("def")]).edges(data=True), nx.ego_graph(C, "a").edges)
matcher = isomorphism.GraphMatcher(nx.cycle_graph(4), nx.Graph([(1, 2), (2, 3), (3, 4), (4, 1)]))
print(matcher.is_isomorphic(), sum(1 for _ in matcher.isomorphisms_iter()), nx.is_isomorphic(P, Q),
    nx.could_be_isomorphic(P, Q), nx.faster_could_be_isomorphic(P, P),
    list(isomorphism.GraphMatcher(nx.complete_graph(4), Q).subgraph_isomorphisms_iter())[:2],
    nx.weisfeiler_lehman_graph_hash(nx.petersen_graph()), nx.vf2pp_isomorphism(P, nx.Graph([(5, 6), (6, 7)])))
print(nx.to_dict_of_lists(P), nx.to_edgelist(P), nx.from_dict_of_dicts({1: {2: {"w": 3}}}).edges(data=True),
    nx.adjacency_data(P), json.dumps(nx.node_link_data(P, edges="links")),
    nx.tree_data(nx.DiGraph([(0, 1), (0, 2)]), 0), nx.cytoscape_data(P)["elements"]["nodes"][0])
for lines in (nx.generate_adjlist(C), nx.generate_edgelist(C), nx.generate_multiline_adjlist(P),
    nx.generate_gml(G), nx.generate_graphml(P), nx.generate_gexf(nx.path_graph(2)) , nx.generate_pajek(P),
    nx.generate_network_text(dag)):
    lines = list(lines)
    print("\n".join(line for line in lines if "lastmodified" not in line))
print(nx.parse_adjlist(["1 2 3", "2 3"]).edges, nx.parse_edgelist(["a b {'w': 1}", "b c"]).edges(data=True),
    nx.parse_gml(list(nx.generate_gml(G))).nodes["island"],
    nx.parse_graphml("\n".join(nx.generate_graphml(P))).edges, nx.to_graph6_bytes(Q),
    nx.from_graph6_bytes(b"Bw").edges, nx.to_sparse6_bytes(P),
    nx.read_weighted_edgelist(io.BytesIO(b"a b 1.5\n")).edges(data=True),
    nx.parse_leda("LEDA.GRAPH\nstring\nint\n-1\n2\n|{a}|\n|{b}|\n1\n1 2 0 |{4}|".split("\n")).edges)
random.seed(3)
print(nx.double_edge_swap(nx.cycle_graph(8), 2, seed=4).number_of_edges(), nx.is_graphical([3, 2, 2, 1]),
    nx.random_degree_sequence_graph([2, 2, 2], seed=1).edges, list(nx.utils.pairwise([1, 2, 3])),
    sets(nx.utils.UnionFind(range(3)).to_sets()))
